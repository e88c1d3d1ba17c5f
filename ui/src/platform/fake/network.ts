import type { NetworkSet } from "../../api/generated/NetworkSet";
import type { NetworkView } from "../../api/generated/NetworkView";
import { knownNetwork } from "./known-networks";
import { type NetworkRow, networkTitle, networkView } from "./networks";
import { NETWORK, USDC } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

const MOST_NODES = 8;

/** Sets a network up. Practice has a chain of its own and takes no other node. */
export function setNetwork(stall: Stall, request: NetworkSet): NetworkView {
  const { network, payTo, token, callsPerSecond, priceFeed } = request;
  const before = stall.networks.find(network);
  mustBelong(stall, request);
  const to = payTo === undefined ? null : address(payTo);
  if (to !== null && before?.payTo != null && before.payTo.toLowerCase() !== to.toLowerCase()) {
    throw refuse(
      "conflict",
      `Sales on ${networkTitle(network)} are paid to ${before.payTo}. To change that, use Settings.`,
    );
  }
  const urls = urlsOf(before, request);
  const chosen = token === undefined ? undefined : token.trim() === "" ? null : address(token.trim());
  if (knownNetwork(network) === undefined && (chosen ?? before?.token ?? null) === null) {
    throw refuse(
      "invalid_request",
      `Stallkeeper does not know ${network}; say which token is paid in there.`,
    );
  }
  if (urls.length === 0) {
    throw refuse("invalid_request", "Say where the network's node is.");
  }
  const row = before ?? stall.networks.add(network, urls, to, stall.clock.now());
  row.rpcUrls = urls;
  row.payTo = to ?? row.payTo;
  row.token = chosen === undefined ? row.token : chosen;
  row.callsPerSecond = callsPerSecond === undefined ? row.callsPerSecond : callsPerSecond || null;
  row.priceFeed =
    priceFeed === undefined ? row.priceFeed : priceFeed.trim() === "" ? null : address(priceFeed);
  stall.events.changed("settings", "endpoints", "status");
  return networkView(stall, row);
}

function mustBelong(stall: Stall, { network, rpcUrls = [], keep, token }: NetworkSet): void {
  if (!/^eip155:[1-9]\d{0,17}$/.test(network)) {
    throw refuse("invalid_request", `"${network.slice(0, 60)}" is not a network, such as eip155:8453.`);
  }
  if (stall.environment === "practice") {
    if (network !== NETWORK) {
      throw refuse("invalid_request", "Practice answers as Base Sepolia (eip155:84532) and as nothing else.");
    }
    if (rpcUrls.some((url) => url.trim() !== "") || keep !== undefined || token !== undefined) {
      throw refuse("invalid_request", "Practice has a chain of its own and takes no other node.");
    }
  }
  const known = knownNetwork(network);
  if (known !== undefined && known.testnet === (stall.environment === "live")) {
    const money = known.testnet ? "play money" : "real money";
    throw refuse(
      "invalid_request",
      `${known.title} carries ${money}, which this environment does not sell for.`,
    );
  }
}

/** The URLs that stay, then the new ones, each once. */
function urlsOf(before: NetworkRow | undefined, { rpcUrls = [], keep }: NetworkSet): string[] {
  const known = before?.rpcUrls ?? [];
  const added = rpcUrls.map((url) => url.trim()).filter((url) => url !== "");
  if (added.some((url) => !/^https?:\/\/[^/\s]/.test(url))) {
    throw refuse("invalid_request", "A node's URL begins with http:// or https:// and names a host.");
  }
  if (keep === undefined) {
    return added.length === 0 ? known : [...new Set(added)];
  }
  const kept = keep.map((place) => {
    const url = known[place];
    if (url === undefined) {
      throw refuse("conflict", "The nodes were changed meanwhile: look at them again, then save.");
    }
    return url;
  });
  const all = [...new Set([...kept, ...added])];
  if (all.length > MOST_NODES) {
    throw refuse("invalid_request", `A network has at most ${MOST_NODES} nodes.`);
  }
  return all;
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
