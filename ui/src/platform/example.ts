import type { EndpointView } from "../api/generated/EndpointView";
import type { StatusView } from "../api/generated/StatusView";

const url = "http://127.0.0.1:4021";
const payTo = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

/** A practice stall, as the app describes it. */
export const status: StatusView = {
  environment: "practice",
  url,
  networks: [
    {
      network: "eip155:84532",
      title: "Base Sepolia",
      chainId: 84532,
      rpcUrl: "http://127.0.0.1:40455",
      asset: {
        address: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
        name: "USDC",
        version: "2",
        decimals: 6,
      },
      payTo,
      ready: true,
      waitingFor: null,
    },
  ],
  gasWallet: null,
  totals: [],
  exposure: "0",
  exposureFormatted: "0.00",
};

/** A photograph, for sale at that stall. */
export const photo: EndpointView = {
  id: "6f1c2f0e-7c36-4f0f-9a3f-0a6f3d1f7f10",
  path: "/photo",
  url: `${url}/photo`,
  title: "Harbour at dawn",
  state: "live",
  mode: "batched",
  ownedFor: "30d",
  amount: "50000",
  decimals: 6,
  formatted: "0.05",
  priceVersion: 1,
  network: "eip155:84532",
  payTo,
  windowSeconds: 259_200,
  file: {
    path: "/home/ada/photo.jpg",
    name: "photo.jpg",
    mediaType: "image/jpeg",
    bytes: 482_113,
    sha256: "0f343b0931126a20f133d67c2b018a3b1e7f2f7d5c4d1b6e0e7a0f1b2c3d4e5f",
  },
  createdAt: 1_770_000_000_000,
};
