import type { NetworkSet } from "../../api/generated/NetworkSet";
import type { NetworkView } from "../../api/generated/NetworkView";
import { NETWORK, USDC } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

/** Says where the money goes. Practice has a chain of its own and takes no other node. */
export function setNetwork(stall: Stall, { network, rpcUrls = [], payTo }: NetworkSet): NetworkView {
  if (network !== NETWORK) {
    throw refuse("invalid_request", "Practice answers as Base Sepolia (eip155:84532) and as nothing else.");
  }
  if (rpcUrls.some((url) => url.trim() !== "")) {
    throw refuse("invalid_request", "Practice has a chain of its own and takes no other node.");
  }
  if (payTo !== undefined) {
    stall.payTo = address(payTo);
  }
  stall.events.changed("settings", "endpoints", "status");
  return stall.network();
}

/** Reads an address. Checksums are the app's to check: they need a hash that this stall does without. */
export function address(text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw refuse("invalid_request", `${text.slice(0, 60)} is not an address: 0x and 40 hexadecimal digits.`);
  }
  if (/^0x0+$/.test(text)) {
    throw refuse("invalid_request", `${text} is the zero address; money sent there is lost.`);
  }
  if (text.toLowerCase() === USDC.toLowerCase()) {
    throw refuse("invalid_request", "That is the address of the USDC contract; money sent there is lost.");
  }
  return text;
}
