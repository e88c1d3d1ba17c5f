import type { CheckedView } from "../../api/generated/CheckedView";
import type { NetworkCheckView } from "../../api/generated/NetworkCheckView";
import type { NetworkItem } from "../../api/generated/NetworkItem";
import type { NetworkSetUp } from "../../api/generated/NetworkSetUp";
import type { NodeView } from "../../api/generated/NodeView";
import { NETWORK, USDC } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

const TITLE = "Base Sepolia";
const POINTS: readonly CheckedView[] = [
  { point: "chain", state: "ok", sentence: "The nodes answer as chain 84532." },
  { point: "token", state: "ok", sentence: `The token at ${USDC} has 6 decimal places.` },
  { point: "domain", state: "ok", sentence: 'Buyers sign for "USDC", version "2".' },
  { point: "code", state: "ok", sentence: "The token's code is what it was." },
  {
    point: "multicall",
    state: "ok",
    sentence: "Multicall3 is there: many payments share a transaction.",
  },
  { point: "finality", state: "ok", sentence: "The network says when a block is final." },
  {
    point: "gas",
    state: "ok",
    sentence:
      "A transaction settles up to 250 payments; one payment costs at most 0.000000120000000001 ETH now.",
  },
];

/** Practice has one network. */
export function listed(stall: Stall): NetworkItem {
  return {
    network: NETWORK,
    title: TITLE,
    chainId: 84_532,
    v1Name: "base-sepolia",
    testnet: true,
    coin: "ETH",
    usdc: USDC,
    paidByDefault: true,
    explorer: "https://sepolia.basescan.org",
    priceFeed: null,
    state: stall.network().ready ? "ready" : "waiting",
    setUp: setUp(stall),
  };
}

function setUp(stall: Stall): NetworkSetUp {
  const { rpcUrl, asset, payTo, ready, waitingFor } = stall.network();
  return {
    rpcUrls: rpcUrl === null ? [] : [rpcUrl],
    asset,
    token: null,
    payTo,
    callsPerSecond: null,
    ready,
    waitingFor,
    single: false,
    finality: "finalized",
    checkedAt: stall.clock.now(),
    points: [...POINTS],
    nodes: nodes(stall),
  };
}

/** What a look at the chain says. */
export function checked(stall: Stall, network: string): NetworkCheckView {
  known(network);
  const { ready, waitingFor } = stall.network();
  return {
    network,
    title: TITLE,
    ready,
    waitingFor,
    acceptable: false,
    points: ready ? [...POINTS] : [],
    nodes: nodes(stall),
  };
}

/** The one node, with the network it speaks for. */
export function health(stall: Stall): (NodeView & { network: string; title: string })[] {
  return nodes(stall).map((node) => ({ network: NETWORK, title: TITLE, ...node }));
}

export function removed(network: string): never {
  known(network);
  throw refuse("conflict", "Practice has this one network and no other.");
}

function nodes(stall: Stall): NodeView[] {
  const { rpcUrl, ready, waitingFor } = stall.network();
  const node: NodeView = {
    url: rpcUrl ?? "",
    state: ready ? "in_use" : "resting",
    latencyMs: 2,
    block: Math.floor(stall.clock.now() / 2_000) - 900_000_000,
    blockAgeSeconds: ready ? 1 : 60,
    lastError: waitingFor,
    lastErrorAt: ready ? null : stall.clock.now(),
    calls: 1_234,
    callsPerSecond: null,
  };
  return [node];
}

function known(network: string): void {
  if (network !== NETWORK) {
    throw refuse("not_found", `There is no network ${network}.`);
  }
}
