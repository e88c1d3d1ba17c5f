import type { ReportView } from "../../api/generated/ReportView";

/**
 * The lines of a report for a spreadsheet: exact decimals with a point, whatever the language (RFC 4180). Each line says which environment
 * it is of, so that play money is no income there. No word of a stranger stands in it: a line is named by its day, path, address or
 * network, none of which a spreadsheet takes for a formula.
 */
export function asCsv({ by, items, zone }: ReportView, environment: string): string {
  const named = by === "network" ? [] : [by === "day" ? `day_${zone}` : by];
  const head = [
    "environment",
    ...named,
    "network",
    "payments",
    "gross",
    "costs",
    "costs_coin",
    "refunds",
    "net",
  ];
  const lines = items.map(({ key, network, payments, gross, costValue, cost, refunded, net }) => [
    environment,
    ...named.map(() => key),
    network,
    String(payments),
    gross.formatted,
    costValue.formatted,
    `${cost.formatted} ${cost.coin}`,
    refunded.formatted,
    net?.formatted ?? "",
  ]);
  return [head, ...lines].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
