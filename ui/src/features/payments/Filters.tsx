import { useQuery } from "@tanstack/react-query";
import { Check, Minus, X } from "lucide-react";
import { memo } from "react";
import type { PaymentFilter } from "../../api/keys";
import { usePlatform } from "../../api/platform-context";
import { endpointQuery, endpointsQuery, paymentCountsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { shorten } from "../../lib/address";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { cn } from "../../ui/cn";
import { Select } from "../../ui/Select";
import { GROUPS, isShown, toggled, useFilter } from "./filter";

const ALL = "all";

/** Chooses which payments are shown. */
export function Filters() {
  const { filter, isFiltered, setStates, ofAllPayers, clear } = useFilter();
  const counts = useCounts(filter);
  return (
    <div className="flex min-h-8 shrink-0 flex-wrap items-center gap-2">
      <fieldset className="flex flex-wrap items-center gap-1.5">
        <legend className="sr-only">{m.payments_filter()}</legend>
        {GROUPS.map((group, place) => (
          <Chip
            key={group.name}
            word={group.word()}
            count={counts?.[place]}
            pressed={isShown(group, filter.states)}
            onPress={() => setStates(toggled(group, filter.states))}
          />
        ))}
      </fieldset>
      <EndpointFilter />
      {filter.payer !== undefined && (
        <button
          type="button"
          title={filter.payer}
          onClick={ofAllPayers}
          className="inline-flex min-h-7 items-center gap-1.5 rounded-full border border-accent-text bg-accent-soft px-3 font-medium text-accent-text"
        >
          {m.payments_filter_buyer()}
          <code className="font-mono text-caption">{shorten(filter.payer)}</code>
          <X aria-hidden className="-mr-0.5 size-3.5" strokeWidth={2} />
          <span className="sr-only">{m.payments_filter_buyer_all()}</span>
        </button>
      )}
      {isFiltered && (
        <Button variant="ghost" size="sm" icon={X} onClick={clear}>
          {m.payments_clear()}
        </Button>
      )}
    </div>
  );
}

interface ChipProps {
  word: string;
  count: number | undefined;
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
  const { filter, setEndpoint } = useFilter();
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
      onValueChange={(value) => setEndpoint(value === ALL ? undefined : value)}
      items={items}
      className="min-h-7 w-52 max-w-full"
    />
  );
});

/** How many payments each group has. */
function useCounts({ endpoint, payer }: PaymentFilter): readonly number[] | undefined {
  const platform = usePlatform();
  const isNarrowed = endpoint !== undefined || payer !== undefined;
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
      GROUPS.map(({ states }) => ({ states, endpoint, payer })),
    ),
    enabled: isNarrowed,
  });
  return isNarrowed ? some : all;
}
