import type { CheckedView } from "../../api/generated/CheckedView";
import type { NetworkCheckView } from "../../api/generated/NetworkCheckView";
import type { NetworkItem } from "../../api/generated/NetworkItem";
import type { NetworkRemoved } from "../../api/generated/NetworkRemoved";
import type { NetworkSetUp } from "../../api/generated/NetworkSetUp";
import type { NetworkView } from "../../api/generated/NetworkView";
import type { NodeView } from "../../api/generated/NodeView";
import { type Known, knownNetwork, networksFor } from "./known-networks";
import { answers, nodeViews, shownUrl } from "./nodes";
import { NETWORK } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

/** A network as it was set up. */
export interface NetworkRow {
  readonly network: string;
  rpcUrls: string[];
  payTo: string | null;
  /** The token that the seller chose in place of USDC. */
  token: string | null;
  callsPerSecond: number | null;
  /** The price feed that the seller chose in place of the known one. */
  priceFeed: string | null;
  /** Whether the token's code is not what it was when the network was set up. */
  hasChanged: boolean;
  checkedAt: number;
}

/** The networks that were set up, in the order in which they were. */
export class Networks {
  readonly rows: NetworkRow[] = [];

  find(network: string): NetworkRow | undefined {
    return this.rows.find((row) => row.network === network);
  }

  /** A network that is new here. */
  add(network: string, rpcUrls: string[], payTo: string | null, now: number): NetworkRow {
    const row = {
      network,
      rpcUrls,
      payTo,
      token: null,
      callsPerSecond: null,
      priceFeed: null,
      hasChanged: false,
      checkedAt: now,
    };
    this.rows.push(row);
    return row;
  }
}

/** A network's name for people. */
export function networkTitle(network: string): string {
  return knownNetwork(network)?.title ?? network;
}

/** Why a network cannot be sold on now. */
export function waitingFor(stall: Stall, row: NetworkRow): string | null {
  const title = networkTitle(row.network);
  const [first = ""] = row.rpcUrls;
  if (isAway(stall, row) || !row.rpcUrls.some(answers)) {
    return `${title}'s node at ${shown(stall, first)} does not answer.`;
  }
  const failed = points(row).find(({ state }) => state === "failed");
  return failed === undefined ? null : `Nothing is sold on ${title}. ${failed.sentence}`;
}

/** The network as `status` tells it. */
export function networkView(stall: Stall, row: NetworkRow): NetworkView {
  const why = waitingFor(stall, row);
  const known = knownNetwork(row.network);
  return {
    network: row.network,
    title: networkTitle(row.network),
    chainId: chainId(row.network),
    rpcUrl: row.rpcUrls[0] === undefined ? null : shown(stall, row.rpcUrls[0]),
    asset: asset(row),
    coin: known?.coin ?? "ETH",
    explorer: explorer(stall, known),
    payTo: row.payTo,
    ready: why === null,
    waitingFor: why,
  };
}

/** Those that were set up first, then the others that this environment could sell on. */
export function listNetworks(stall: Stall): NetworkItem[] {
  const { rows } = stall.networks;
  const others = networksFor(stall.environment).filter(
    ({ network }) => stall.networks.find(network) === undefined,
  );
  return [
    ...rows.map((row) => item(stall, row.network, setUp(stall, row))),
    ...others.map(({ network }) => item(stall, network, null)),
  ];
}

function item(stall: Stall, network: string, row: NetworkSetUp | null): NetworkItem {
  const known = knownNetwork(network);
  return {
    network,
    title: networkTitle(network),
    chainId: chainId(network),
    v1Name: known?.v1Name ?? null,
    testnet: known?.testnet ?? null,
    coin: known?.coin ?? null,
    usdc: known?.usdc ?? null,
    paidByDefault: known !== undefined && (row === null || row.token === null),
    explorer: explorer(stall, known),
    priceFeed: known?.priceFeed ?? null,
    state: row === null ? "not_set_up" : row.ready ? "ready" : "waiting",
    setUp: row,
  };
}

function setUp(stall: Stall, row: NetworkRow): NetworkSetUp {
  const { rpcUrls, payTo, token, callsPerSecond, priceFeed, checkedAt } = row;
  const why = waitingFor(stall, row);
  return {
    rpcUrls: rpcUrls.map((url) => shown(stall, url)),
    asset: asset(row),
    token,
    payTo,
    callsPerSecond,
    priceFeed,
    ready: why === null,
    waitingFor: why,
    single: false,
    finality: "finalized",
    checkedAt,
    points: isAway(stall, row) || !rpcUrls.some(answers) ? [] : points(row),
    nodes: nodes(stall, row),
  };
}

/** What a look at the chain says. */
export function checkNetwork(stall: Stall, network: string, accept: boolean): NetworkCheckView {
  const row = existing(stall, network);
  if (accept) {
    if (!row.hasChanged) {
      throw refuse("conflict", "There is nothing to accept: check the network first.");
    }
    row.hasChanged = false;
  }
  row.checkedAt = stall.clock.now();
  stall.events.changed("settings", "status");
  const { points: found, ready, waitingFor: why, nodes: asked } = setUp(stall, row);
  return {
    network,
    title: networkTitle(network),
    ready,
    waitingFor: why,
    acceptable: row.hasChanged && found.length > 0,
    points: found,
    nodes: asked,
  };
}

/** Every node with the network it speaks for. */
export function listNodes(stall: Stall): (NodeView & { network: string; title: string })[] {
  return stall.networks.rows.flatMap((row) =>
    nodes(stall, row).map((node) => ({ network: row.network, title: networkTitle(row.network), ...node })),
  );
}

/** Gives a network up, unless something on it waits. */
export function removeNetwork(stall: Stall, network: string): NetworkRemoved {
  const row = existing(stall, network);
  const title = networkTitle(network);
  if (stall.environment === "practice") {
    throw refuse("conflict", "Practice has this one network and no other.");
  }
  if (network === NETWORK && stall.book.queued().length > 0) {
    throw refuse(
      "conflict",
      `Payments on ${title} wait to be settled. Settle them first, or they would be lost.`,
    );
  }
  stall.networks.rows.splice(stall.networks.rows.indexOf(row), 1);
  stall.events.changed("settings", "endpoints", "status");
  return { network, title };
}

function points(row: NetworkRow): CheckedView[] {
  const token = row.token ?? knownNetwork(row.network)?.usdc ?? "";
  const knowsAuthorizations = !/dead$/i.test(token);
  return [
    { point: "chain", state: "ok", sentence: `The nodes answer as chain ${chainId(row.network)}.` },
    knowsAuthorizations
      ? { point: "token", state: "ok", sentence: `The token at ${token} has 6 decimal places.` }
      : {
          point: "token",
          state: "failed",
          sentence: "The token knows no authorizations (EIP-3009), so buyers cannot sign for it.",
        },
    { point: "domain", state: "ok", sentence: 'Buyers sign for "USDC", version "2".' },
    row.hasChanged
      ? {
          point: "code",
          state: "failed",
          sentence:
            "The token's code is no longer what it was on 2026-11-02. Find out what changed; then accept it, and selling goes on.",
        }
      : { point: "code", state: "ok", sentence: "The token's code is what it was." },
    { point: "multicall", state: "ok", sentence: "Multicall3 is there: many payments share a transaction." },
    knownNetwork(row.network)?.v1Name === "avalanche-fuji"
      ? {
          point: "finality",
          state: "warning",
          sentence: "The network does not say when a block is final; twelve blocks later it counts as such.",
        }
      : { point: "finality", state: "ok", sentence: "The network says when a block is final." },
    {
      point: "gas",
      state: "ok",
      sentence: "A transaction settles up to 250 payments; one payment costs at most 0.00000012 ETH now.",
    },
  ];
}

function nodes(stall: Stall, row: NetworkRow): NodeView[] {
  const views = nodeViews(row.rpcUrls, isAway(stall, row), stall.clock.now());
  return views.map((view, place) => ({
    ...view,
    url: shown(stall, row.rpcUrls[place] ?? ""),
    callsPerSecond: row.callsPerSecond,
  }));
}

function isAway(stall: Stall, row: NetworkRow): boolean {
  return stall.isNodeAway && row.network === NETWORK;
}

function asset(row: NetworkRow): NetworkView["asset"] {
  const known = knownNetwork(row.network);
  const address = row.token ?? known?.usdc;
  return address === undefined || !row.rpcUrls.some(answers)
    ? null
    : { address, name: "USDC", version: "2", decimals: 6 };
}

function explorer(stall: Stall, known: Known | undefined): string | null {
  return stall.environment === "practice" ? null : (known?.explorer ?? null);
}

/** Practice has no keys in its URLs; elsewhere what could be one is not shown. */
function shown(stall: Stall, url: string): string {
  return stall.environment === "practice" ? url : shownUrl(url);
}

function chainId(network: string): number {
  return Number(network.replace("eip155:", ""));
}

function existing(stall: Stall, network: string): NetworkRow {
  const row = stall.networks.find(network);
  if (row === undefined) {
    throw refuse("not_found", `There is no network ${network.slice(0, 100)}.`);
  }
  return row;
}
