import type { QuitPreviewView } from "../../api/generated/QuitPreviewView";
import { settleBy } from "./book";
import { money } from "./money";
import { NETWORK } from "./records";
import type { Stall } from "./stall";

const MINUTE = 60_000;

/** What is sold and not on chain, and until when it can wait. */
export function quitPreview(stall: Stall): QuitPreviewView {
  const open = stall.book.payments.filter(({ state }) => state === "queued" || state === "settling");
  const stake = {
    payments: open.length,
    ...money(open.reduce((sum, { amount }) => sum + amount, 0n)),
    settleBy: first(open.map(settleBy)),
    lostFrom: first(open.map(({ validBefore }) => validBefore * 1000)),
  };
  const batches = [...new Set(open.flatMap(({ batch }) => (batch === null ? [] : [batch.id])))];
  const left = ((stake.settleBy ?? 0) - stall.clock.now()) / MINUTE;
  return {
    ...stake,
    inFlight: batches.length,
    delivering: stall.downloads,
    sentence:
      open.length === 0
        ? "Nothing waits to be settled."
        : `${open.length} payments of together $${stake.formatted} are not on chain yet. Stallkeeper has to run again within ${Math.floor(left)} minutes.`,
    items: open.length === 0 ? [] : [{ network: NETWORK, ...stake, inFlight: batches }],
  };
}

function first(times: readonly number[]): number | null {
  return times.length === 0 ? null : times.reduce((one, other) => Math.min(one, other));
}
