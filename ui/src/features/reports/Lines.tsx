import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ReportLine } from "../../api/generated/ReportLine";
import type { ReportView } from "../../api/generated/ReportView";
import { useNetworks } from "../../api/networks";
import { m } from "../../i18n/paraglide/messages";
import { shorten } from "../../lib/address";
import { formatCount, mostPlaces } from "../../lib/money";
import { dayName, dayOfYear } from "../../lib/time";
import { Coin } from "../../ui/Coin";
import { cn } from "../../ui/cn";
import { Money } from "../../ui/Money";
import { BY } from "./search";

const KEYS: Record<string, () => string> = {
  day: m.reports_column_day,
  endpoint: m.reports_column_endpoint,
  payer: m.reports_column_payer,
  network: m.reports_column_network,
};

const place = "overflow-x-auto rounded-card border bg-surface";

const NOTHING = <span className="text-text-3">–</span>;

/** The same line by line: days newest first, all else by how much came. */
export function Lines({ report }: { report: ReportView }) {
  const networks = useNetworks();
  const { by, items } = report;
  const hasSeveral = by !== "network" && new Set(items.map(({ network }) => network)).size > 1;
  const titleOf = (network: string) => networks.find((one) => one.network === network)?.title ?? network;
  const rows = by === BY[0] ? items.toReversed() : items;
  const places = {
    gross: mostPlaces(rows.map(({ gross }) => gross.formatted)),
    cost: mostPlaces(rows.map(({ costValue }) => costValue.formatted)),
    refunded: mostPlaces(rows.map(({ refunded }) => refunded.formatted)),
    net: mostPlaces(rows.map(({ net }) => net?.formatted ?? "")),
  };
  const withYear = report.from.slice(0, 4) !== report.to.slice(0, 4);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section tabIndex={0} aria-label={m.reports_lines()} className={place}>
      <table className="w-full">
        <thead>
          <tr className="border-b">
            <Head isFirst>{KEYS[by]?.() ?? by}</Head>
            {hasSeveral && <Head>{m.reports_column_network()}</Head>}
            <Head>{m.reports_column_payments()}</Head>
            <Head>{m.reports_gross()}</Head>
            <Head>{m.reports_costs()}</Head>
            <Head>{m.reports_refunds()}</Head>
            <Head>{m.reports_net()}</Head>
          </tr>
        </thead>
        <tbody>
          {rows.map((line) => (
            <tr key={`${line.network} ${line.key}`} className="border-b last:border-b-0 hover:bg-surface-2">
              <th scope="row" className="max-w-0 min-w-40 w-full truncate px-4 py-2 text-left font-normal">
                <Key by={by} line={line} title={titleOf(line.network)} withYear={withYear} />
              </th>
              {hasSeveral && <Cell className="text-text-2">{titleOf(line.network)}</Cell>}
              <Cell>{line.payments === 0 ? NOTHING : formatCount(line.payments)}</Cell>
              <Cell>
                {line.gross.amount === "0" ? (
                  NOTHING
                ) : (
                  <Money value={line.gross.formatted} places={places.gross} />
                )}
              </Cell>
              <Cell>
                <Cost line={line} places={places.cost} />
              </Cell>
              <Cell>
                {line.refunded.amount === "0" ? (
                  NOTHING
                ) : (
                  <Money value={line.refunded.formatted} places={places.refunded} />
                )}
              </Cell>
              <Cell className="font-medium">
                {line.net === null ? NOTHING : <Money value={line.net.formatted} places={places.net} />}
              </Cell>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Head({ isFirst = false, children }: { isFirst?: boolean; children: ReactNode }) {
  return (
    <th
      scope="col"
      className={cn(
        "px-4 py-2 text-caption font-medium whitespace-nowrap text-text-2",
        isFirst ? "text-left" : "text-right",
      )}
    >
      {children}
    </th>
  );
}

function Cell({ className, children }: { className?: string; children: ReactNode }) {
  return <td className={cn("px-4 py-2 text-right whitespace-nowrap tabular-nums", className)}>{children}</td>;
}

function Cost({ line: { cost, costValue, unpriced }, places }: { line: ReportLine; places: number }) {
  if (cost.wei === "0") {
    return NOTHING;
  }
  return unpriced.wei === "0" ? (
    <Money value={costValue.formatted} places={places} />
  ) : (
    <Coin value={cost.formatted} symbol={cost.coin} rounding="up" />
  );
}

interface KeyProps {
  by: string;
  line: ReportLine;
  /** The network's name. */
  title: string;
  withYear: boolean;
}

function Key({ by, line: { key, title: name }, title, withYear }: KeyProps) {
  switch (by) {
    case "day":
      return <time dateTime={key}>{withYear ? dayOfYear(key) : dayName(key)}</time>;
    case "payer":
      return (
        <Link
          to="/payments"
          search={{ payer: key }}
          title={key}
          className="font-mono text-caption underline-offset-2 hover:underline"
        >
          {shorten(key, 8, 6)}
        </Link>
      );
    case "endpoint":
      return (
        <span title={name ?? key}>
          <bdi>{name ?? key}</bdi>
          {name !== null && <span className="ml-2 font-mono text-caption text-text-2">{key}</span>}
        </span>
      );
    default:
      return title;
  }
}
