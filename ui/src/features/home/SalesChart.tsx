import { type KeyboardEvent, type PointerEvent, useMemo, useState } from "react";
import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { RevenueDay } from "../../api/generated/RevenueDay";
import { m } from "../../i18n/messages";
import { formatUsd, fromAtomic } from "../../lib/money";
import { spanName } from "../../lib/time";
import { announce } from "../../ui/announce";
import { cn } from "../../ui/cn";
import { Money } from "../../ui/Money";
import { useSurroundings } from "../../ui/surroundings";
import { FULL, lines, share } from "./scale";

interface Props {
  days: readonly RevenueDay[];
  /** What it shows, for those who hear it. */
  label: string;
  /** Shows the time before as well. */
  compare?: boolean;
}

interface Point {
  /** Shares of the height. */
  settled: number;
  pending: number;
  before: number;
  of: RevenueDay;
}

/** Settled (solid) with pending on top (striped), day by day. Left and right go from day to day. */
export function SalesChart({ days, label, compare = false }: Props) {
  const { amountsHidden } = useSurroundings();
  const { points, steps, decimals } = useMemo(() => drawn(days, compare), [days, compare]);
  return (
    <div className="flex flex-col gap-2">
      <div className="@container h-52">
        <div className="grid h-full grid-cols-[auto_1fr] grid-rows-[1fr_auto] pt-2 pr-7 text-caption text-text-2 tabular-nums">
          <div aria-hidden className="flex flex-col-reverse justify-between pr-2">
            {steps.map((step) => (
              <span key={step.toString()} className="flex h-0 items-center justify-end">
                {amountsHidden ? "••" : formatUsd(fromAtomic(step, decimals))}
              </span>
            ))}
          </div>
          <Plot points={points} steps={steps} label={label} compare={compare} />
          <Names days={days} />
        </div>
      </div>
      <ul className="flex flex-wrap justify-end gap-x-4 text-caption text-text-2">
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-[2px] bar-settled" />
          {m.home_settled()}
        </li>
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-[2px] bar-pending" />
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

interface PlotProps {
  points: readonly Point[];
  steps: readonly bigint[];
  label: string;
  compare: boolean;
}

/** What is drawn, and who goes through it: the pointer over it, the arrow keys in it. */
function Plot({ points, steps, label, compare }: PlotProps) {
  const { amountsHidden } = useSurroundings();
  const [at, setAt] = useState<number>();
  const last = points.length - 1;
  // Fewer days may be shown than when this one was come to.
  const shown = at === undefined ? undefined : points[at];

  const tell = (to: number) => {
    const place = Math.max(0, Math.min(to, last));
    const point = points[place];
    setAt(place);
    if (point !== undefined) {
      announce(inWords(point.of, compare, amountsHidden));
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const from = shown === undefined ? undefined : at;
    const to = {
      ArrowLeft: from === undefined ? last : from - 1,
      ArrowRight: from === undefined ? last : from + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      tell(to);
    } else if (event.key === "Escape") {
      setAt(undefined);
    }
  };
  const follow = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setAt(Math.max(0, Math.min(Math.floor(((clientX - left) / width) * points.length), last)));
  };

  return (
    <div
      role="application"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys go through it
      tabIndex={0}
      className="relative min-w-0 rounded-control"
      onKeyDown={press}
      onFocus={() => tell(at ?? last)}
      onBlur={() => setAt(undefined)}
      onPointerMove={follow}
      onPointerLeave={() => setAt(undefined)}
    >
      {at !== undefined && shown !== undefined && (
        <div
          className="absolute inset-y-0 bg-surface-2"
          style={{ left: percent(at, points.length), width: percent(1, points.length) }}
        />
      )}
      <div className="absolute inset-0 flex flex-col-reverse justify-between">
        {steps.map((step) => (
          <div key={step.toString()} className="border-t" />
        ))}
      </div>
      <div className="absolute inset-0 flex">
        {points.map(({ of, settled, pending }) => (
          <div key={of.day} className="flex min-w-0 flex-1 justify-center">
            <div className="flex w-[78%] max-w-11 flex-col-reverse">
              <div className="bar-settled" style={{ height: percent(settled, FULL) }} />
              {pending > 0 && (
                <div className="rounded-t-[2px] bar-pending" style={{ height: percent(pending, FULL) }} />
              )}
            </div>
          </div>
        ))}
      </div>
      {compare && (
        <svg
          aria-hidden="true"
          className="absolute inset-0 size-full overflow-visible"
          viewBox={`0 0 ${points.length} ${FULL}`}
          preserveAspectRatio="none"
        >
          <polyline
            points={points.map(({ before }, place) => `${place + 0.5},${FULL - before}`).join(" ")}
            fill="none"
            stroke="var(--text-2)"
            strokeWidth="1.5"
            strokeDasharray="4 3"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      )}
      {at !== undefined && shown !== undefined && (
        <Told day={shown.of} compare={compare} at={at} of={points.length} />
      )}
    </div>
  );
}

interface ToldProps {
  day: RevenueDay;
  compare: boolean;
  /** Which column it stands beside, and of how many. */
  at: number;
  of: number;
}

/** What one day came to, on that side of its column where more room is. */
function Told({ day: { day, settled, pending, before }, compare, at, of }: ToldProps) {
  const isLate = at >= of / 2;
  return (
    <div
      aria-hidden
      className={cn(
        "pointer-events-none absolute inset-0 z-10 flex items-start text-text",
        isLate && "flex-row-reverse",
      )}
    >
      {/* It gives way where the words need the room. */}
      <div style={{ width: percent(isLate ? of - at : at + 1, of) }} />
      <div className="mx-2 min-w-36 shrink-0 rounded-control border bg-surface px-3 py-2 shadow-overlay">
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
    </div>
  );
}

/** The days that are named: the last, and back from it in steps that leave room; fewer where there is little. */
function Names({ days }: Pick<Props, "days">) {
  const step = Math.ceil(days.length / 7);
  return (
    <div aria-hidden className="col-start-2 flex min-w-0 pt-1.5">
      {days.map(({ day }, place) => {
        const back = (days.length - 1 - place) / step;
        return (
          <div key={day} className="flex h-5 min-w-0 flex-1 justify-center whitespace-nowrap">
            {Number.isInteger(back) && (
              <span
                className={cn(
                  back % 2 === 1 && "@max-[32rem]:hidden",
                  back % 4 === 2 && "@max-[20rem]:hidden",
                )}
              >
                {spanName(day)}
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** What is said of a day, or of the hour or month that it stands for. */
function inWords({ day, settled, pending, before }: RevenueDay, compare: boolean, hidden: boolean) {
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
    settled: share(BigInt(of.settled.amount), top),
    pending: share(BigInt(of.pending.amount), top),
    before: share(BigInt(of.before.amount), top),
    of,
  }));
  return { points, steps, decimals };
}

function percent(part: number, whole: number): string {
  return `${(part / whole) * 100}%`;
}
