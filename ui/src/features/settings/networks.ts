import type { NetworkView } from "../../api/generated/NetworkView";
import type { StatusView } from "../../api/generated/StatusView";

/** The network that can be set up where none was. */
const BASE_SEPOLIA: NetworkView = {
  network: "eip155:84532",
  title: "Base Sepolia",
  chainId: 84_532,
  rpcUrl: null,
  asset: null,
  payTo: null,
  ready: false,
  waitingFor: null,
};

/** The networks that were set up, or the one that can be. */
export function networksOf({ networks }: StatusView): readonly NetworkView[] {
  return networks.length > 0 ? networks : [BASE_SEPOLIA];
}
