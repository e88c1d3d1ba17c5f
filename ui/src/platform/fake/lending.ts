import { money, price } from "./money";
import { payer } from "./payment-view";
import type { Stall } from "./stall";

/** A seller who thought about it: caps, a schedule, and buyers who are trusted or blocked. */
export function lend(stall: Stall): void {
  const { book, seed, schedule, trust } = stall;
  const tokens = (whole: string) => money(price(whole));
  trust.caps = {
    perSale: tokens("10"),
    perPayer: tokens("20"),
    perNewPayer: tokens("2"),
    perNetwork: tokens("200"),
    total: tokens("500"),
    oldestSeconds: 2 * 86_400,
    beyond: "instant",
  };
  schedule.set({ daily: "18:00", zone: "Europe/Berlin", atCount: 500, gasCeiling: "5", waitForGas: true });
  const at = stall.clock.now();
  const recent = (back: number) => payer(seed, book.payments.length - back);
  trust.chosen.set(recent(0), { standing: "trusted", at });
  trust.chosen.set(recent(3), { standing: "blocked", at });
}

/** A seller who would rather wait than pay what gas costs now. */
export function holdOut({ schedule }: Stall): void {
  schedule.set({ atCount: 500, gasCeiling: "0.001", waitForGas: true });
}
