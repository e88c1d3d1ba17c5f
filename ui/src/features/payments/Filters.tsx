import { useQuery } from "@tanstack/react-query";
import { Check, Minus, X } from "lucide-react";
import { memo, useRef } from "react";
import type { PaymentFilter } from "../../api/keys";
import { useNetworks } from "../../api/network-names";
import { usePlatform } from "../../api/platform-context";
import { endpointQuery, endpointsQuery, paymentCountsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { formatCount } from "../../lib/money";
import { daysOf, PERIODS } from "../../lib/period";
import { Button } from "../../ui/Button";
import { cn } from "../../ui/cn";
import { DateInput } from "../../ui/DateInput";
import { IconButton } from "../../ui/IconButton";
import { Later } from "../../ui/Later";
import { periodWord } from "../../ui/period-words";
import { Select } from "../../ui/Select";
import { useHandOn } from "../../ui/useHandOn";
import { useWidth } from "../../ui/useWidth";
import { AmountFilter } from "./AmountFilter";
import { ColumnPicker } from "./ColumnPicker";
import { GROUPS, isShown, toggled, UNDELIVERED, useFilter } from "./filter";
import { MoreFilters } from "./MoreFilters";
import { SavedViews } from "./SavedViews";
import { SearchPayments } from "./SearchPayments";

const ALL = "all";

/** Chooses which payments are shown. */
export function Filters() {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, ROOM);
  return (
    <div ref={place} className="flex shrink-0 flex-col gap-2">
      <Choices hasRoom={width >= ROOM} />
    </div>
  );
}

const Choices = memo(function Choices({ hasRoom }: { hasRoom: boolean }) {
  const { filter, narrowed, days, isFiltered, choose, search, show, clear } = useFilter();
  const { title } = useNetworks();
  const counts = useCounts(filter);
  const { period, endpoint, delivery, least, most, network, payer } = narrowed;
  const isBetween = least !== undefined || most !== undefined;
  const chosen = [period, endpoint, delivery].filter((one) => one !== undefined).length + (isBetween ? 1 : 0);
  const choices = (
    <>
      <Select
        label={m.payments_filter_period()}
        value={period ?? ALL}
        onValueChange={(value) => {
          const named = PERIODS.find((one) => one === value);
          const own = named === "own" ? (days ?? daysOf("weeks", Date.now())) : NO_DAYS;
          choose({ period: named, ...own });
        }}
        items={[
          { value: ALL, label: m.payments_filter_period_all() },
          ...PERIODS.map((value) => ({ value, label: periodWord(value) })),
        ]}
        className="min-h-7 w-36"
      />
      <EndpointFilter />
      <AmountFilter least={least} most={most} onChange={choose} />
    </>
  );
  const others = (
    <>
      <fieldset className="flex flex-wrap items-center gap-1.5">
        <legend className="sr-only">{m.payments_filter_undelivered()}</legend>
        {UNDELIVERED.map((kind) => (
          <Chip
            key={kind}
            word={kind === "interrupted" ? m.payments_broken_off() : m.payments_not_begun()}
            pressed={filter.delivery === kind}
            onPress={() => choose({ delivery: filter.delivery === kind ? undefined : kind })}
          />
        ))}
      </fieldset>
      {period === "own" && days !== null && (
        <span className="flex items-center gap-2">
          <DateInput
            label={m.payments_filter_from()}
            value={days.from}
            max={days.to}
            onChange={(from) => choose({ from })}
          />
          <span className="text-text-2">–</span>
          <DateInput
            label={m.payments_filter_to()}
            value={days.to}
            min={days.from}
            onChange={(to) => choose({ to })}
          />
        </span>
      )}
    </>
  );
  return (
    <>
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <SearchPayments text={narrowed.q ?? ""} onSearch={search} />
        <Later>
          {hasRoom ? (
            choices
          ) : (
            <>
              <MoreFilters count={chosen}>
                {choices}
                {others}
              </MoreFilters>
              {isFiltered && <Clear onClear={clear} isShort />}
            </>
          )}
          <SavedViews narrowed={narrowed} isFiltered={isFiltered} onShow={show} />
          <ColumnPicker />
        </Later>
      </div>
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <fieldset className="flex flex-wrap items-center gap-1.5">
          <legend className="sr-only">{m.payments_filter()}</legend>
          {GROUPS.map((group, nth) => (
            <Chip
              key={group.name}
              word={group.word()}
              count={counts?.[nth]}
              pressed={isShown(group, filter.states)}
              onPress={() => choose({ states: toggled(group, filter.states) })}
            />
          ))}
        </fieldset>
        {hasRoom && others}
        {network !== undefined && (
          <Taken
            word={title(network)}
            drop={m.payments_filter_network_all()}
            onDrop={() => choose({ network: undefined })}
          />
        )}
        {payer !== undefined && (
          <Taken
            word={m.payments_filter_buyer()}
            code={payer}
            drop={m.payments_filter_buyer_all()}
            onDrop={() => choose({ payer: undefined })}
          />
        )}
        {isFiltered && hasRoom && <Clear onClear={clear} />}
      </div>
    </>
  );
});

/** Goes with the filters that it clears; the page keeps the keyboard. */
function Clear({ onClear, isShort = false }: { onClear(): void; isShort?: boolean }) {
  const place = useHandOn();
  return (
    <span ref={place} className="inline-flex">
      {isShort ? (
        <IconButton icon={X} label={m.payments_clear()} onClick={onClear} />
      ) : (
        <Button variant="ghost" size="sm" icon={X} onClick={onClear}>
          {m.payments_clear()}
        </Button>
      )}
    </span>
  );
}

/** How wide a place, in rem, has room for all filters in two lines. */
const ROOM = 47.5;

const NO_DAYS = { from: undefined, to: undefined };

interface TakenProps {
  word: string;
  /** An address that goes with it. */
  code?: string;
  /** What pressing it does. */
  drop: string;
  onDrop(): void;
}

/** Something that narrows the list and is chosen elsewhere: it can be taken away here. */
function Taken({ word, code, drop, onDrop }: TakenProps) {
  return (
    <button
      type="button"
      title={code}
      onClick={onDrop}
      className="inline-flex min-h-7 items-center gap-1.5 rounded-full border border-accent-text bg-accent-soft px-3 font-medium text-accent-text"
    >
      {word}
      {code !== undefined && <code className="font-mono text-caption">{shorten(code)}</code>}
      <X aria-hidden className="-mr-0.5 size-3.5" strokeWidth={2} />
      <span className="sr-only">{drop}</span>
    </button>
  );
}

interface ChipProps {
  word: string;
  count?: number | undefined;
  pressed: boolean | "mixed";
  onPress(): void;
}

function Chip({ word, count, pressed, onPress }: ChipProps) {
  const Icon = pressed === "mixed" ? Minus : Check;
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cn(
        "inline-flex min-h-7 items-center gap-1.5 rounded-full border px-3 transition-colors duration-120",
        pressed === false
          ? "border-control-border/50 bg-surface text-text hover:bg-surface-2"
          : "border-accent-text bg-accent-soft font-medium text-accent-text",
      )}
    >
      {pressed !== false && <Icon aria-hidden className="-ml-0.5 size-3.5" strokeWidth={2} />}
      {word}
      {count !== undefined && (
        <span className={cn("tabular-nums", pressed === false && "text-text-2")}>{formatCount(count)}</span>
      )}
    </button>
  );
}

/** By the endpoints' names only: what they earn changes with every payment, and is not shown here. */
const EndpointFilter = memo(function EndpointFilter() {
  const platform = usePlatform();
  const { filter, choose } = useFilter();
  const { data: listed } = useQuery({
    ...endpointsQuery(platform),
    select: ({ items }) => items.map(({ id, path, title }) => ({ id, path, title })),
  });
  const chosen = filter.endpoint;
  const known = listed?.find(({ id, path }) => id === chosen || path === chosen);
  // A removed endpoint is not listed, but its payments are.
  const { data: other } = useQuery({
    ...endpointQuery(platform, chosen ?? ""),
    enabled: chosen !== undefined && listed !== undefined && known === undefined,
  });
  const items = [
    { value: ALL, label: m.payments_filter_endpoint_all() },
    ...(listed ?? []).map(({ id, title }) => ({ value: id, label: title })),
    ...(chosen !== undefined && known === undefined
      ? [{ value: chosen, label: other?.title ?? m.payments_filter_endpoint_other() }]
      : []),
  ];
  return (
    <Select
      label={m.payments_filter_endpoint()}
      value={known?.id ?? chosen ?? ALL}
      onValueChange={(value) => choose({ endpoint: value === ALL ? undefined : value })}
      items={items}
      className="min-h-7 w-44 max-w-full"
    />
  );
});

/** How many payments each group has. */
function useCounts({ states: _, ...rest }: PaymentFilter): readonly number[] | undefined {
  const platform = usePlatform();
  const isNarrowed = Object.keys(rest).length > 0;
  const { data: all } = useQuery({
    ...statusQuery(platform),
    select: ({ totals }) =>
      GROUPS.map(({ states }) =>
        totals.reduce((sum, { state, payments }) => sum + (states.includes(state) ? payments : 0), 0),
      ),
  });
  const { data: some } = useQuery({
    ...paymentCountsQuery(
      platform,
      GROUPS.map(({ states }) => ({ states, ...rest })),
    ),
    enabled: isNarrowed,
  });
  return isNarrowed ? some : all;
}
