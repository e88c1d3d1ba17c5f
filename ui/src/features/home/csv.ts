import type { RevenueView } from "../../api/generated/RevenueView";

/**
 * The table of sales for a spreadsheet: exact decimals with a point, whatever the language (RFC 4180). Each line says of which
 * environment it is: play money is no income.
 */
export function asCsv({ items, zone }: RevenueView, environment: string): string {
  const head = [`time_${zone}`, "environment", "settled", "pending", "attention", "settled_before"];
  const lines = items.map(({ day, settled, pending, attention, before }) => [
    day,
    environment,
    settled.formatted,
    pending.formatted,
    attention.formatted,
    before.formatted,
  ]);
  return [head, ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}
