use alloy::sol;

sol! {
    /// The parts of a token with EIP-3009 that are used here.
    interface Token {
        event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);
        event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);
        event Transfer(address indexed from, address indexed to, uint256 value);

        function name() external view returns (string);
        function version() external view returns (string);
        function decimals() external view returns (uint8);
        function DOMAIN_SEPARATOR() external view returns (bytes32);
        function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
        function paused() external view returns (bool);
        function isBlacklisted(address account) external view returns (bool);
        function transferWithAuthorization(
            address from,
            address to,
            uint256 value,
            uint256 validAfter,
            uint256 validBefore,
            bytes32 nonce,
            uint8 v,
            bytes32 r,
            bytes32 s
        ) external;
    }

    /// The overload of a token for signatures that code may judge: Circle's tokens have it since their version 2.2.
    interface CodeToken {
        function transferWithAuthorization(
            address from,
            address to,
            uint256 value,
            uint256 validAfter,
            uint256 validBefore,
            bytes32 nonce,
            bytes memory signature
        ) external;
    }

    /// What a token asks the code at a payer's address (ERC-1271).
    interface Erc1271 {
        function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4);
    }

    /// The part of a price feed that is used here (Chainlink's AggregatorV3Interface).
    interface Aggregator {
        function decimals() external view returns (uint8);
        function description() external view returns (string);
        function latestRoundData()
            external
            view
            returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    }

    /// The part of Multicall3 that is used here.
    interface Multicall3 {
        struct Call3 {
            address target;
            bool allowFailure;
            bytes callData;
        }
        struct Result {
            bool success;
            bytes returnData;
        }
        function aggregate3(Call3[] calldata calls) external payable returns (Result[] memory returnData);
    }
}
