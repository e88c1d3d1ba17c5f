import type { CapsView } from "../../../api/generated/CapsView";
import type { ExposureSet } from "../../../api/generated/ExposureSet";
import { parseAmount } from "../../../lib/money";
import { minutesOf, type Span, spanOf, writeSpan } from "../../../lib/span";
import { asTyped } from "../typed";

/** The caps that are amounts, in the order of the form. */
export const CAPS = ["perSale", "perNewPayer", "perPayer", "perNetwork", "total"] as const;
export type Cap = (typeof CAPS)[number];

/** What of the form can be wrong. */
export type CapField = Cap | "oldest";

/** Caps count millionths of a token, whichever it is. */
const DECIMALS = 6;

/** The word that lifts a cap. */
const NONE = "none";

/** The caps as they are filled in. What is switched off keeps what was typed. */
export interface Draft {
  caps: Record<Cap, { on: boolean; text: string }>;
  oldest: { on: boolean } & Span;
  beyond: string;
}

/** What stands in a field that was never filled in. */
const SUGGESTED: Record<Cap, string> = {
  perSale: "10",
  perNewPayer: "5",
  perPayer: "20",
  perNetwork: "200",
  total: "500",
};

/** The caps as they are, to be changed. */
export function draftOf(caps: CapsView): Draft {
  const of = (cap: Cap) => ({
    on: caps[cap] !== null,
    text: asTyped(caps[cap]?.formatted ?? SUGGESTED[cap]),
  });
  return {
    caps: {
      perSale: of("perSale"),
      perNewPayer: of("perNewPayer"),
      perPayer: of("perPayer"),
      perNetwork: of("perNetwork"),
      total: of("total"),
    },
    oldest: {
      on: caps.oldestSeconds !== null,
      ...(caps.oldestSeconds === null ? { count: "2", unit: "d" as const } : spanOf(caps.oldestSeconds)),
    },
    beyond: caps.beyond,
  };
}

/** What was filled in as a request, or which fields are wrong. */
export function read({ caps, oldest, beyond }: Draft): { request: ExposureSet; wrong: readonly CapField[] } {
  const wrong: CapField[] = [];
  const amount = (cap: Cap): string => {
    const { on, text } = caps[cap];
    // Nothing at all may be lent, too.
    const value = /^\s*0+([.,]0*)?\s*$/.test(text) ? "0" : parseAmount(text, DECIMALS).value;
    if (on && value === null) {
      wrong.push(cap);
    }
    return on && value !== null ? value : NONE;
  };
  const request: ExposureSet = {
    perSale: amount("perSale"),
    perNewPayer: amount("perNewPayer"),
    perPayer: amount("perPayer"),
    perNetwork: amount("perNetwork"),
    total: amount("total"),
    oldest: oldest.on && minutesOf(oldest) !== null ? writeSpan(oldest) : NONE,
    beyond,
  };
  if (oldest.on && minutesOf(oldest) === null) {
    wrong.push("oldest");
  }
  return { request, wrong };
}
