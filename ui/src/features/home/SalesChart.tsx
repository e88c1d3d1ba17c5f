import { useEffect, useId, useMemo, useRef } from "react";
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { RevenueDay } from "../../api/generated/RevenueDay";
import { m } from "../../i18n/paraglide/messages";
import { formatUsd, fromAtomic } from "../../lib/money";
import { spanName } from "../../lib/time";
import { announce } from "../../ui/announce";
import { Money } from "../../ui/Money";
import { useSurroundings } from "../../ui/surroundings";
import { FULL, lines, share } from "./scale";
import { useRem } from "./useRem";

interface Props {
  days: readonly RevenueDay[];
  /** What it shows, for those who hear it. */
  label: string;
  /** Shows the time before as well. */
  compare?: boolean;
}

interface Point {
  day: string;
  /** Shares of the height. */
  settled: number;
  pending: number;
  before: number;
  of: RevenueDay;
}

/** Settled (solid) with pending on top (striped), day by day. Left and right go from day to day. */
export function SalesChart({ days, label, compare = false }: Props) {
  const stripes = useId();
  const { amountsHidden } = useSurroundings();
  const { points, steps, decimals } = useMemo(() => drawn(days, compare), [days, compare]);
  const top = steps.at(-1) ?? 0n;
  const place = useRef<HTMLDivElement>(null);
  const rem = useRem(place);
  return (
    <div className="flex flex-col gap-2">
      <div ref={place} className="h-52 [&_.recharts-surface]:rounded-control">
        <ComposedChart
          // It measures its words when it begins: larger ones need more room.
          key={rem}
          responsive
          style={{ width: "100%", height: "100%" }}
          data={points}
          margin={{ top: rem / 2, right: 1.75 * rem, bottom: 0, left: 0 }}
          barCategoryGap="22%"
          maxBarSize={44}
          aria-label={label}
        >
          <defs>
            <pattern
              id={stripes}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="5" height="5" fill="var(--accent)" fillOpacity="0.35" />
              <rect width="1.5" height="5" fill="var(--accent)" fillOpacity="0.6" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--border)" />
          <XAxis
            dataKey="day"
            tickFormatter={(day: string) => spanName(day)}
            tickLine={false}
            axisLine={{ stroke: "var(--border)" }}
            tick={{ fill: "var(--text-2)", className: "text-caption tabular-nums" }}
            height={1.875 * rem}
            minTickGap={1.75 * rem}
            ticks={marked(points)}
            interval="preserveEnd"
            tickMargin={0.375 * rem}
          />
          <YAxis
            width="auto"
            domain={[0, FULL]}
            ticks={steps.map((step) => share(step, top))}
            tickFormatter={(_, place) =>
              amountsHidden ? "••" : formatUsd(fromAtomic(steps[place] ?? 0n, decimals))
            }
            tickLine={false}
            axisLine={false}
            tick={{ fill: "var(--text-2)", className: "text-caption tabular-nums" }}
          />
          <Tooltip
            cursor={{ fill: "var(--surface-2)" }}
            isAnimationActive={false}
            content={(props) => <Told {...props} compare={compare} />}
          />
          <Bar dataKey="settled" stackId="day" fill="var(--accent)" isAnimationActive={false} />
          <Bar
            dataKey="pending"
            stackId="day"
            fill={`url(#${stripes})`}
            stroke="var(--accent)"
            strokeOpacity={0.5}
            strokeWidth={0.5}
            radius={[2, 2, 0, 0]}
            isAnimationActive={false}
          />
          {compare && (
            <Line
              dataKey="before"
              stroke="var(--text-2)"
              strokeWidth={1.5}
              strokeDasharray="4 3"
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
          )}
        </ComposedChart>
      </div>
      <ul className="flex flex-wrap justify-end gap-x-4 text-caption text-text-2">
        <li className="flex items-center gap-1.5">
          <Sample fill="var(--accent)" />
          {m.home_settled()}
        </li>
        <li className="flex items-center gap-1.5">
          <Sample fill={`url(#${stripes})`} />
          {m.home_pending()}
        </li>
        {compare && (
          <li className="flex items-center gap-1.5">
            <span aria-hidden className="w-4 border-t-2 border-text-2 border-dashed" />
            {m.home_before()}
          </li>
        )}
      </ul>
    </div>
  );
}

function Sample({ fill }: { fill: string }) {
  return (
    <svg aria-hidden="true" className="size-2.5">
      <rect width="100%" height="100%" rx="2" fill={fill} />
    </svg>
  );
}

/** The days that are named: today, and back from it in steps that leave room. */
function marked(points: readonly Point[]): string[] {
  const step = Math.ceil(points.length / 7);
  return points.filter((_, place) => (points.length - 1 - place) % step === 0).map(({ day }) => day);
}

/** The day under the pointer, or the one that the arrow keys came to. */
function Told({ active, payload, compare }: TooltipContentProps & { compare: boolean }) {
  const told = useRef<HTMLDivElement>(null);
  const { amountsHidden } = useSurroundings();
  const point = active ? (payload[0]?.payload as Point | undefined) : undefined;
  const words = point === undefined ? "" : inWords(point.of, compare, amountsHidden);
  useEffect(() => {
    const chart = told.current?.closest(".recharts-wrapper");
    if (words !== "" && chart?.contains(document.activeElement)) {
      announce(words);
    }
  }, [words]);
  if (point === undefined) {
    return null;
  }
  const { day, settled, pending, before } = point.of;
  return (
    <div
      ref={told}
      aria-hidden
      className="min-w-36 rounded-control border bg-surface px-3 py-2 text-caption shadow-overlay"
    >
      <p className="font-medium">{spanName(day)}</p>
      <dl className="mt-1 grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5">
        <dt className="text-text-2">{m.home_settled()}</dt>
        <dd className="text-right">
          <Money value={settled.formatted} />
        </dd>
        <dt className="text-text-2">{m.home_pending()}</dt>
        <dd className="text-right">
          <Money value={pending.formatted} />
        </dd>
        {compare && (
          <>
            <dt className="text-text-2">{m.home_before()}</dt>
            <dd className="text-right">
              <Money value={before.formatted} />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

/** What is said of a day, or of the hour or month that it stands for. */
export function inWords({ day, settled, pending, before }: RevenueDay, compare: boolean, hidden: boolean) {
  const written = ({ formatted }: MoneyCount) => (hidden ? m.ui_amount_hidden() : formatUsd(formatted));
  const point = { day: spanName(day), settled: written(settled), pending: written(pending) };
  return compare ? m.home_point_before({ ...point, before: written(before) }) : m.home_point(point);
}

function drawn(
  days: readonly RevenueDay[],
  compare: boolean,
): { points: Point[]; steps: bigint[]; decimals: number } {
  const decimals = days[0]?.settled.decimals ?? 0;
  const high = days.reduce((most, { settled, pending, before }) => {
    const sum = BigInt(settled.amount) + BigInt(pending.amount);
    const earlier = compare ? BigInt(before.amount) : 0n;
    return [sum, earlier].reduce((one, other) => (one > other ? one : other), most);
  }, 0n);
  const steps = lines(high, decimals);
  const top = steps.at(-1) ?? 0n;
  const points = days.map((of) => ({
    day: of.day,
    settled: share(BigInt(of.settled.amount), top),
    pending: share(BigInt(of.pending.amount), top),
    before: share(BigInt(of.before.amount), top),
    of,
  }));
  return { points, steps, decimals };
}
