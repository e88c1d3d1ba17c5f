// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Hands calls to the implementation named in one storage slot, as the proxy in front of the deployed USDC does, with
/// the same slots and the same check that its administrator does not call through it. It cannot be upgraded: the
/// genesis of the practice chain writes both slots, and names an administrator whose key nobody has.
contract PracticeProxy {
    bytes32 private constant IMPLEMENTATION_SLOT = keccak256("org.zeppelinos.proxy.implementation");
    bytes32 private constant ADMIN_SLOT = keccak256("org.zeppelinos.proxy.admin");

    fallback() external {
        bytes32 implementation = IMPLEMENTATION_SLOT;
        bytes32 admin = ADMIN_SLOT;
        address administrator;
        assembly {
            administrator := sload(admin)
        }
        require(msg.sender != administrator, "Cannot call fallback function from the proxy admin");
        assembly {
            calldatacopy(0, 0, calldatasize())
            let success := delegatecall(gas(), sload(implementation), 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if success { return(0, returndatasize()) }
            revert(0, returndatasize())
        }
    }
}
