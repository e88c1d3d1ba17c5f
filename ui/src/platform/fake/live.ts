import type { BarView } from "../../api/generated/BarView";
import type { ChecklistItem } from "../../api/generated/ChecklistItem";
import type { ChecklistView } from "../../api/generated/ChecklistView";
import { coin } from "./money";
import { type NetworkRow, networkTitle, waitingFor } from "./networks";
import { payoutView } from "./payout";
import { showReach } from "./reach";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { showWallet } from "./wallet";

/** Whose money this is. */
export function bar(stall: Stall): BarView {
  switch (stall.environment) {
    case "practice":
      return { kind: "practice", sentence: "Practice: the money here is worth nothing." };
    case "test":
      return { kind: "test", sentence: "Test network: the money here is worth nothing." };
    case "live": {
      const open = missing(stall).filter(
        ({ item }) => item === "payout" || item === "node" || item === "gas",
      );
      if (open.length > 0) {
        const why = open.map(({ sentence }) => sentence).join(" ");
        return { kind: "live_not_ready", sentence: `Real money is not taken yet. ${why}` };
      }
      return stall.isSelling
        ? { kind: "live", sentence: "Live: buyers pay with real money." }
        : { kind: "live_closed", sentence: "Live, and closed: nobody can pay at the moment." };
    }
  }
}

/** Refuses to open a stall for real money while something that must be done is not. */
export function mustTakeMoney(stall: Stall): void {
  const open = missing(stall);
  if (stall.environment === "live" && open.length > 0) {
    const why = open.map(({ sentence }) => sentence).join(" ");
    throw refuse("conflict", `Real money is not taken yet. ${why}`);
  }
}

function missing(stall: Stall): ChecklistItem[] {
  return checklist(stall).items.filter(({ mandatory, done }) => mandatory && !done);
}

/** What has to be done before real money is taken. */
export function checklist(stall: Stall): ChecklistView {
  const { rows } = stall.networks;
  const items: ChecklistItem[] = [
    ...nodes(stall, rows),
    ...payouts(stall, rows),
    gas(stall, rows),
    reach(stall),
    firstSale(stall),
  ];
  return {
    environment: stall.environment,
    ready: items.every(({ done, mandatory }) => done || !mandatory),
    selling: stall.isSelling,
    items,
  };
}

function nodes(stall: Stall, rows: readonly NetworkRow[]): ChecklistItem[] {
  if (rows.length === 0) {
    const next = "Choose a network and paste the URL of a node for it; Base is the usual first one.";
    return [step("node", false, "No network is set up yet.", next)];
  }
  return rows.map((row) => {
    const title = networkTitle(row.network);
    const why = waitingFor(stall, row);
    return {
      ...step(
        "node",
        why === null,
        why === null
          ? `${title} answers, and its token is the one that buyers know.`
          : `${title} cannot be used: ${why}`,
        "Look after the node, or choose another one.",
      ),
      network: row.network,
    };
  });
}

function payouts(stall: Stall, rows: readonly NetworkRow[]): ChecklistItem[] {
  if (rows.length === 0) {
    return [step("payout", false, "No payout address is set.", "Set the network up first.")];
  }
  return rows.map((row) => {
    const title = networkTitle(row.network);
    const { verified, payTo } = payoutView(stall, row);
    const how = { network: row.network, address: payTo };
    if (payTo === null) {
      const next = "Paste the address of a wallet of yours whose key is not on this computer.";
      return { ...step("payout", false, `No payout address is set on ${title}.`, next), ...how };
    }
    const next = "Sign the message in the wallet that the address belongs to, and paste the signature.";
    const sentence = verified
      ? `The payout address on ${title} is yours.`
      : `The payout address ${payTo} on ${title} is not verified.`;
    return { ...step("payout", verified, sentence, next), ...how };
  });
}

function gas(stall: Stall, rows: readonly NetworkRow[]): ChecklistItem {
  const { address, holdings } = showWallet(stall);
  if (address === null) {
    const next = "Create a gas wallet. It pays the network for settling and holds nothing else.";
    return step("gas", false, "There is no gas wallet yet.", next);
  }
  const [first] = rows;
  if (first === undefined) {
    const next = "Set the network up first.";
    return { ...step("gas", false, "What settling costs is not known yet.", next), address };
  }
  const [holding] = holdings;
  const how = { network: first.network, address };
  if (holding === undefined) {
    const next = "It is looked again as soon as the node answers.";
    return { ...step("gas", false, "What the gas wallet holds cannot be read now.", next), ...how };
  }
  const { balanceFormatted: holds, nativeSymbol, title } = holding;
  const worst = coin(stall.worstOfNext());
  const isEnough = BigInt(holding.balance) >= stall.worstOfNext();
  return {
    ...step(
      "gas",
      isEnough,
      isEnough
        ? `The gas wallet holds ${holds} ${nativeSymbol} on ${title}.`
        : `The gas wallet holds ${holds} ${nativeSymbol} on ${title}; one settlement may need ${worst}.`,
      `Send about 0.01 ${nativeSymbol} to it, from an exchange or another wallet, on the network ${title}. That pays for at least 10 settlements of 50 payments.`,
    ),
    ...how,
  };
}

function reach(stall: Stall): ChecklistItem {
  const { way, state, sentence, url } = showReach(stall);
  if (state !== "online") {
    const next =
      state === "off"
        ? "Choose in Settings, under Reach, how others reach it."
        : "Look at it in Settings, under Reach.";
    return step("reach", false, sentence, next);
  }
  if (!way.permanent) {
    const next = "Choose a way whose address stays the same before you give links away.";
    return step("reach", false, `${sentence} ${way.onRestart}`, next);
  }
  const isSafe = url?.startsWith("https://") ?? false;
  const said = isSafe ? sentence : `${sentence} It is not encrypted on the way.`;
  return step(
    "reach",
    isSafe,
    said,
    "Use an address that begins with https:// for buyers outside your own network.",
  );
}

function firstSale(stall: Stall): ChecklistItem {
  const isSold = stall.book.sums.summary("all").settled.payments > 0;
  return step(
    "first_sale",
    isSold,
    isSold ? "The first sale has arrived at your address." : "Nothing was sold yet.",
    "Price something at 0.01, buy it with a wallet of your own, settle, and see the cent arrive.",
  );
}

function step(item: ChecklistItem["item"], done: boolean, sentence: string, next: string): ChecklistItem {
  const mandatory = item !== "reach" && item !== "first_sale";
  return { item, mandatory, done, sentence, next: done ? null : next, network: null, address: null };
}
