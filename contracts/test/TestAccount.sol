// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A smart account for the tests, or the code that a plain one delegates to (EIP-7702): honest, or bad in one way. It is
/// put where it is needed with its storage, so it has no constructor.
contract TestAccount {
    /// Whose signatures it accepts; without one those of the key of its own address.
    address private key;
    /// How it behaves.
    uint256 private temper;
    /// What it reaches for when it is asked; or the end of the randomness of the last block in which it says yes.
    address private prey;

    /// The signature is 65 bytes, and whatever follows is of no account.
    function isValidSignature(bytes32 digest, bytes calldata signature) external returns (bytes4) {
        // Yes to who only asks, no to who pays for the answer.
        if (temper == 1 && tx.gasprice > 0) return 0xffffffff;
        // Burns all the gas that it gets.
        while (temper == 2) {}
        // Half an answer, which would be the right one.
        if (temper == 3) {
            assembly ("memory-safe") {
                mstore(0, shl(224, 0x1626ba7e))
                return(0, 4)
            }
        }
        // A whole word that is not exactly the right one.
        if (temper == 4) {
            assembly ("memory-safe") {
                mstore(0, or(shl(224, 0x1626ba7e), 1))
                return(0, 32)
            }
        }
        // Calls back into the token that asks.
        if (temper == 5) {
            (bool done,) =
                prey.call{gas: 60_000}(abi.encodeWithSignature("transfer(address,uint256)", address(0xbad), 1));
            done;
        }
        // Says yes to everything.
        if (temper == 6) return this.isValidSignature.selector;
        // Yes to who only asks, whatever is said to be paid, and no in the next block: a call that is tried has the
        // randomness of the newest one.
        if (temper == 7 && uint160(block.prevrandao) != uint160(prey)) return 0xffffffff;
        if (signature.length < 65) return 0xffffffff;
        address signer = key == address(0) ? address(this) : key;
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        bool signed = ecrecover(digest, uint8(signature[64]), r, s) == signer;
        return signed ? this.isValidSignature.selector : bytes4(0xffffffff);
    }
}
