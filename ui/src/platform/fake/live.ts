import type { ChecklistItem } from "../../api/generated/ChecklistItem";
import type { ChecklistView } from "../../api/generated/ChecklistView";
import { COIN, coin } from "./money";
import { showPayout } from "./payout";
import { NETWORK } from "./records";
import type { Stall } from "./stall";

/** What has to be done before real money is taken. */
export function checklist(stall: Stall): ChecklistView {
  const address = stall.gasWallet().address;
  const payout = showPayout(stall);
  const away = stall.isNodeAway ? stall.offlineReason() : null;
  const lowGas = stall.lowGas();
  const url = stall.settings.get("public-url");
  const isSold = stall.book.sums.summary("all").settled.payments > 0;
  const items: ChecklistItem[] = [
    step(
      "node",
      away === null,
      away ?? "Base Sepolia answers, and its token is the one that buyers know.",
      "Look after the node, or choose another one.",
      NETWORK,
    ),
    {
      ...step(
        "payout",
        payout.verified,
        payout.verified
          ? "The payout address on Base Sepolia is yours."
          : "The payout address on Base Sepolia is not verified.",
        "Sign the message in the wallet that the address belongs to, and paste the signature.",
        NETWORK,
      ),
      address: payout.payTo,
    },
    {
      ...step(
        "gas",
        lowGas === null,
        lowGas ?? `The gas wallet holds ${coin(stall.gas)} ${COIN} on Base Sepolia.`,
        `Send about 0.01 ${COIN} to it, from an exchange or another wallet, on the network Base Sepolia.`,
        NETWORK,
      ),
      address,
    },
    step(
      "reach",
      url?.startsWith("https://") ?? false,
      url === undefined ? "Only this computer reaches the stall." : `Buyers reach the stall at ${url}.`,
      "Say in Settings at which address others reach it.",
      null,
    ),
    step(
      "first_sale",
      isSold,
      isSold ? "The first sale has arrived at your address." : "Nothing was sold yet.",
      "Price something at 0.01, buy it with a wallet of your own, settle, and see the cent arrive.",
      null,
    ),
  ];
  return {
    environment: "practice",
    ready: items.every(({ done, mandatory }) => done || !mandatory),
    selling: stall.isSelling,
    items,
  };
}

function step(
  item: ChecklistItem["item"],
  done: boolean,
  sentence: string,
  next: string,
  network: string | null,
): ChecklistItem {
  const mandatory = item !== "reach" && item !== "first_sale";
  return { item, mandatory, done, sentence, next: done ? null : next, network, address: null };
}
