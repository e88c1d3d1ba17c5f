import { useQuery } from "@tanstack/react-query";
import { Filter } from "lucide-react";
import type { ExportFilter } from "../../api/generated/ExportFilter";
import { useNetworksOfStall } from "../../api/network-names";
import { usePlatform } from "../../api/platform-context";
import { endpointQuery, paymentCountsQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { formatCount, formatUsd } from "../../lib/money";
import { stateWord } from "../../ui/StateBadge";

interface Props {
  filter: ExportFilter;
  /** Nothing else narrows the file, so that it has as many rows as the list. */
  isWhole: boolean;
}

/** What the list of payments is narrowed to, and so the file. */
export function Only({ filter, isWhole }: Props) {
  const { states, endpoint, payer, delivery, network, least, most, search } = filter;
  const platform = usePlatform();
  const { title } = useNetworksOfStall();
  const { data: counts } = useQuery(
    paymentCountsQuery(platform, [{ states, endpoint, payer, delivery, network, least, most, search }]),
  );
  const { data: known } = useQuery({
    ...endpointQuery(platform, endpoint ?? ""),
    enabled: endpoint !== undefined,
  });
  const parts = [
    ...(states === undefined ? [] : [states.map(stateWord).join(", ")]),
    ...(endpoint === undefined ? [] : [known?.title ?? m.exports_only_endpoint()]),
    ...(payer === undefined ? [] : [m.exports_only_buyer({ buyer: shorten(payer) })]),
    ...(delivery === undefined
      ? []
      : [delivery === "interrupted" ? m.payments_broken_off() : m.payments_not_begun()]),
    ...(network === undefined ? [] : [title(network)]),
    ...(least === undefined ? [] : [`≥ ${formatUsd(least)}`]),
    ...(most === undefined ? [] : [`≤ ${formatUsd(most)}`]),
    ...(search === undefined ? [] : [`“${search}”`]),
  ];
  const count = counts?.[0];
  if (parts.length === 0) {
    return null;
  }
  return (
    <p className="flex gap-2 rounded-control bg-surface-2 px-3 py-2">
      <Filter aria-hidden className="mt-0.5 size-4 shrink-0 text-text-2" strokeWidth={1.5} />
      <span className="min-w-0 break-words">
        {count === undefined || !isWhole
          ? m.exports_only()
          : m.exports_only_count({ count, number: formatCount(count) })}{" "}
        <bdi>{parts.join(" · ")}</bdi>
      </span>
    </p>
  );
}
