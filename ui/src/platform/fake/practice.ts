import { ApiError } from "../../api/error";
import type { PracticeBuy } from "../../api/generated/PracticeBuy";
import type { PracticeFund } from "../../api/generated/PracticeFund";
import type { PracticeFunded } from "../../api/generated/PracticeFunded";
import type { PurchaseList } from "../../api/generated/PurchaseList";
import type { PurchaseView } from "../../api/generated/PurchaseView";
import { money, price } from "./money";
import { address } from "./network";
import { payer } from "./payment-view";
import { hex } from "./random";
import { type Endpoint, lengthOf } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

const MOST_PURCHASES = 10_000;

/** Mints practice money: a buyer has it again for as many payments as it covers. */
export function fund(stall: Stall, { addresses, amount }: PracticeFund): PracticeFunded {
  if (addresses.length === 0) {
    throw refuse("invalid_request", "Say which account gets the money.");
  }
  const given = price(amount);
  for (const buyer of new Set(addresses)) {
    let left = given;
    for (const payment of stall.book.payments) {
      if (
        payment.doom === "underfunded" &&
        payer(stall.seed, payment.seq) === buyer &&
        payment.amount <= left
      ) {
        payment.doom = null;
        left -= payment.amount;
      }
    }
  }
  return { addresses: addresses.map(address), ...money(given) };
}

/** Makes test purchases. */
export function buy(stall: Stall, { path, times = 1, movesAway = false }: PracticeBuy): PurchaseList {
  if (!Number.isInteger(times) || times < 1 || times > MOST_PURCHASES) {
    throw refuse("invalid_request", `One command makes 1 to ${MOST_PURCHASES} purchases.`);
  }
  const endpoint = stall.shelf.endpoints.find((other) => other.path === path && other.state !== "removed");
  const items = Array.from({ length: times }, () => purchase(stall, endpoint, movesAway));
  return { items, bought: items.filter(({ error }) => error === null).length, notMoved: null };
}

function purchase(stall: Stall, endpoint: Endpoint | undefined, movesAway: boolean): PurchaseView {
  const nothing = {
    payer: payer(stall.seed, stall.book.payments.length + 1),
    amount: null,
    bytes: 0,
    sha256: null,
    transaction: null,
    owned: false,
  };
  if (endpoint === undefined) {
    return { ...nothing, status: 404, error: "Nothing is sold there." };
  }
  try {
    const payment = stall.buy(endpoint);
    if (movesAway && payment.state === "queued") {
      payment.doom = "underfunded";
    }
    const { content } = endpoint;
    const bytes = lengthOf(content);
    const sha256 = "sha256" in content ? content.sha256 : hex(32, stall.seed, bytes);
    return { ...nothing, status: 200, amount: payment.amount.toString(), bytes, sha256, error: null };
  } catch (reason) {
    return { ...nothing, status: 503, error: ApiError.from(reason).message };
  }
}
