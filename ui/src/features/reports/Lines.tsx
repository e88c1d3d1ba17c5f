import { Link } from "@tanstack/react-router";
import type { ReportLine } from "../../api/generated/ReportLine";
import type { ReportView } from "../../api/generated/ReportView";
import { useNetworks } from "../../api/networks";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { formatCount, mostPlaces } from "../../lib/money";
import { dayName, dayOfYear } from "../../lib/time";
import { Coin } from "../../ui/Coin";
import { Line, LineCell, NOTHING, Lines as Table } from "../../ui/Lines";
import { Money } from "../../ui/Money";
import { BY } from "./search";

const KEYS: Record<string, () => string> = {
  day: m.reports_column_day,
  endpoint: m.reports_column_endpoint,
  payer: m.reports_column_payer,
  network: m.reports_column_network,
};

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
    <Table
      label={m.reports_lines()}
      head={[
        KEYS[by]?.() ?? by,
        ...(hasSeveral ? [m.reports_column_network()] : []),
        m.reports_column_payments(),
        m.reports_gross(),
        m.reports_costs(),
        m.reports_refunds(),
        m.reports_net(),
      ]}
    >
      {rows.map((line) => (
        <Line
          key={`${line.network} ${line.key}`}
          name={<Key by={by} line={line} title={titleOf(line.network)} withYear={withYear} />}
        >
          {hasSeveral && <LineCell className="text-text-2">{titleOf(line.network)}</LineCell>}
          <LineCell>{line.payments === 0 ? NOTHING : formatCount(line.payments)}</LineCell>
          <LineCell>
            {line.gross.amount === "0" ? (
              NOTHING
            ) : (
              <Money value={line.gross.formatted} places={places.gross} />
            )}
          </LineCell>
          <LineCell>
            <Cost line={line} places={places.cost} />
          </LineCell>
          <LineCell>
            {line.refunded.amount === "0" ? (
              NOTHING
            ) : (
              <Money value={line.refunded.formatted} places={places.refunded} />
            )}
          </LineCell>
          <LineCell className="font-medium">
            {line.net === null ? NOTHING : <Money value={line.net.formatted} places={places.net} />}
          </LineCell>
        </Line>
      ))}
    </Table>
  );
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
