import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Landmark } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { BatchView } from "../../api/generated/BatchView";
import { useNetworks } from "../../api/networks";
import { usePages } from "../../api/pages";
import { usePlatform } from "../../api/platform-context";
import { batchesQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { coinPlaces } from "../../lib/coin";
import { longest, mostPlaces } from "../../lib/money";
import { EmptyState } from "../../ui/EmptyState";
import { PagedTable } from "../../ui/PagedTable";
import { batchColumns } from "./columns";

/** Totals with more characters need a wider column. */
const LONG = 12;

/** Every batch, newest first. Of the one that was open before, the row has the focus. */
export function BatchList({ at }: { at: number | undefined }) {
  const platform = usePlatform();
  const navigate = useNavigate();
  const many = useNetworks().length > 1;
  const pages = usePages(useInfiniteQuery(batchesQuery(platform)));
  const { rows } = pages;
  const columns = useMemo(() => {
    const totals = rows.map(({ formatted }) => formatted);
    const fees = rows.flatMap(({ feeFormatted: fee }) => fee ?? []);
    const places = { total: mostPlaces(totals), fee: coinPlaces(fees, "up") };
    return batchColumns({ many, places, long: longest(totals, places.total) > LONG });
  }, [many, rows]);

  const [active, setActive] = useState(at === undefined ? null : String(at));
  const isThere = active !== null && rows.some((batch) => rowId(batch) === active);
  useEffect(() => {
    if (isThere) {
      setActive(null);
    }
  }, [isThere]);

  return (
    <PagedTable
      pages={pages}
      none={
        <EmptyState icon={Landmark} title={m.settlements_empty_title()} text={m.settlements_empty_text()} />
      }
      label={m.settlements_batches()}
      columns={columns}
      rowId={rowId}
      total={pages.hasMore || pages.moreFailed ? undefined : rows.length}
      active={active}
      onOpen={({ id }) => {
        // Whoever comes back finds the row again.
        void navigate({ to: "/settlements", search: { at: id }, replace: true }).then(() =>
          navigate({ to: "/settlements/$batch", params: { batch: String(id) } }),
        );
      }}
    />
  );
}

function rowId({ id }: BatchView): string {
  return String(id);
}
