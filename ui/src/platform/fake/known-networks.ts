/** What is known of a network before anybody asks it. */
export interface Known {
  network: string;
  title: string;
  chainId: number;
  v1Name: string | null;
  testnet: boolean;
  coin: string;
  usdc: string;
  explorer: string | null;
  priceFeed: string | null;
}

function known(
  chainId: number,
  title: string,
  usdc: string,
  {
    coin = "ETH",
    v1 = null,
    explorer = null,
    testnet = false,
    priceFeed = null,
  }: Partial<Known> & { v1?: string | null } = {},
): Known {
  return {
    network: `eip155:${chainId}`,
    title,
    chainId,
    v1Name: v1,
    testnet,
    coin,
    usdc,
    explorer,
    priceFeed,
  };
}

/** Some of the networks that the app knows, in the order in which they are proposed. */
const KNOWN: readonly Known[] = [
  known(8453, "Base", "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", {
    v1: "base",
    explorer: "https://basescan.org",
    priceFeed: "0x71041dddad3595F9CEd3DcCFBe3D1F4b0a16Bb70",
  }),
  known(1, "Ethereum", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", {
    v1: "ethereum",
    explorer: "https://etherscan.io",
    priceFeed: "0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419",
  }),
  known(43_114, "Avalanche", "0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E", {
    v1: "avalanche",
    coin: "AVAX",
    explorer: "https://snowtrace.io",
  }),
  known(137, "Polygon", "0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359", {
    v1: "polygon",
    coin: "POL",
    explorer: "https://polygonscan.com",
  }),
  known(1329, "Sei", "0xe15fC38F6D8c56aF07bbCBe3BAf5708A2Bf42392", { v1: "sei", coin: "SEI" }),
  known(84_532, "Base Sepolia", "0x036CbD53842c5426634e7929541eC2318f3dCF7e", {
    testnet: true,
    v1: "base-sepolia",
    explorer: "https://sepolia.basescan.org",
  }),
  known(43_113, "Avalanche Fuji", "0x5425890298aed601595a70AB815c96711a31Bc65", {
    testnet: true,
    v1: "avalanche-fuji",
    coin: "AVAX",
    explorer: "https://testnet.snowtrace.io",
  }),
  known(80_002, "Polygon Amoy", "0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582", {
    testnet: true,
    v1: "polygon-amoy",
    coin: "POL",
    explorer: "https://amoy.polygonscan.com",
  }),
  known(421_614, "Arbitrum Sepolia", "0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d", {
    testnet: true,
    explorer: "https://sepolia.arbiscan.io",
  }),
  known(1328, "Sei testnet", "0x4fCF1784B31630811181f670Aea7A7bEF803eaED", {
    testnet: true,
    v1: "sei-testnet",
    coin: "SEI",
  }),
];

/** What is known of a network, if something is. */
export function knownNetwork(network: string): Known | undefined {
  return KNOWN.find((known) => known.network === network);
}

/** The networks that an environment can sell on. */
export function networksFor(environment: "practice" | "test" | "live"): readonly Known[] {
  return KNOWN.filter(({ network, testnet }) =>
    environment === "practice" ? network === "eip155:84532" : testnet === (environment === "test"),
  );
}
