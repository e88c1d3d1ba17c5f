// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A contract wallet for the tests: accepts, by ERC-1271, exactly what its key signed.
contract TestWallet {
    address private immutable key;

    constructor(address key_) {
        key = key_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        bool signed = ecrecover(digest, uint8(signature[64]), r, s) == key;
        return signed ? this.isValidSignature.selector : bytes4(0xffffffff);
    }
}
