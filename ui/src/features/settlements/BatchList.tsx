import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Landmark } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { BatchView } from "../../api/generated/BatchView";
import { common, useNetwork, useNetworks } from "../../api/networks";
import { usePlatform } from "../../api/platform-context";
import { batchesQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { transactionPage } from "../../lib/explorer";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { Coin } from "../../ui/Coin";
import { columnsOf, DataTable, TablePlace } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { SkeletonRows } from "../../ui/Skeleton";
import { TimeAgo } from "../../ui/TimeAgo";
import { BatchBadge } from "./BatchBadge";
import { mainAttempt, startedByWord } from "./batch";

const column = columnsOf<BatchView>();

const COLUMNS = [
  column.accessor("id", {
    header: m.settlements_column_batch,
    cell: ({ row }) => row.original.id,
    meta: { width: "3rem" },
  }),
  column.accessor("state", {
    header: m.settlements_column_state,
    cell: ({ row }) => <BatchBadge state={row.original.state} />,
    meta: { width: "8rem" },
  }),
  column.accessor("payments", {
    header: m.settlements_column_payments,
    cell: ({ row }) => formatCount(row.original.payments),
    meta: { width: "4.5rem", align: "right" },
  }),
  column.accessor("formatted", {
    header: m.settlements_column_total,
    cell: ({ row }) => <Total batch={row.original} />,
    meta: { width: "minmax(7.5rem, 1fr)", align: "right" },
  }),
  column.accessor("feeFormatted", {
    header: FeeHeader,
    cell: ({ row }) => <Fee batch={row.original} />,
    meta: { width: "minmax(6rem, 1fr)", align: "right" },
  }),
  column.display({
    id: "transaction",
    header: m.settlements_column_transaction,
    cell: ({ row }) => <Transaction batch={row.original} />,
    meta: { width: "8rem" },
  }),
  column.accessor("createdAt", {
    header: m.settlements_column_started,
    cell: ({ row }) => (
      <>
        <TimeAgo at={row.original.createdAt} /> · {startedByWord(row.original)}
      </>
    ),
    meta: { width: "minmax(9rem, 1.3fr)" },
  }),
];

/** How wide those are where there are several networks: each fee then says its coin. */
const WIDTHS: Record<string, string> = {
  formatted: "minmax(6rem, 1fr)",
  feeFormatted: "minmax(8rem, 1fr)",
  createdAt: "minmax(7.5rem, 1.3fr)",
};

/** Where there are several networks, each batch says on which it was settled; how many payments it has stands on its page. */
const COLUMNS_OF_SEVERAL = COLUMNS.map((known) => {
  if (known.header === m.settlements_column_payments) {
    return column.accessor("network", {
      header: m.settlements_column_network,
      cell: ({ row }) => <NetworkName batch={row.original} />,
      meta: { width: "minmax(4.5rem, 1fr)" },
    });
  }
  const width = "accessorKey" in known ? WIDTHS[known.accessorKey] : undefined;
  return width === undefined ? known : { ...known, meta: { ...known.meta, width } };
});

function NetworkName({ batch }: { batch: BatchView }) {
  return useNetwork(batch.network)?.title ?? batch.network;
}

function Total({ batch }: { batch: BatchView }) {
  return <Money value={batch.formatted} token={useNetwork(batch.network)?.asset?.name} />;
}

/** The coin that every fee is paid in; undefined where the networks have several. */
function useCoin(): string | undefined {
  return common(useNetworks(), ({ coin }) => coin);
}

function FeeHeader() {
  const coin = useCoin();
  return coin === undefined ? m.settlements_column_fee() : m.settlements_column_fee_in({ coin });
}

function Fee({ batch }: { batch: BatchView }) {
  const network = useNetwork(batch.network);
  const isSaidAbove = useCoin() !== undefined;
  if (batch.feeFormatted === null) {
    return <span className="text-text-3">{m.settlements_none()}</span>;
  }
  return <Coin value={batch.feeFormatted} symbol={isSaidAbove ? undefined : network?.coin} rounding="up" />;
}

function Transaction({ batch }: { batch: BatchView }) {
  const network = useNetwork(batch.network);
  const attempt = mainAttempt(batch);
  if (attempt === undefined) {
    return <span className="text-text-3">{m.settlements_none()}</span>;
  }
  return (
    <Address
      value={attempt.hash}
      what={m.settlements_transaction()}
      explorer={transactionPage(network, attempt.hash)}
    />
  );
}

/** Every batch, newest first. Of the one that was open before, the row has the focus. */
export function BatchList({ at }: { at: number | undefined }) {
  const platform = usePlatform();
  const navigate = useNavigate();
  const isOneOfSeveral = useNetworks().length > 1;
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(batchesQuery(platform));
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);

  const [active, setActive] = useState(at === undefined ? null : String(at));
  const isThere = active !== null && rows.some(({ id }) => String(id) === active);
  useEffect(() => {
    if (isThere) {
      setActive(null);
    }
  }, [isThere]);

  if (data === undefined) {
    return (
      <TablePlace>
        {error === null ? (
          <SkeletonRows />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
        )}
      </TablePlace>
    );
  }
  if (rows.length === 0) {
    return (
      <TablePlace>
        <EmptyState icon={Landmark} title={m.settlements_empty_title()} text={m.settlements_empty_text()} />
      </TablePlace>
    );
  }
  return (
    <DataTable
      label={m.settlements_batches()}
      columns={isOneOfSeveral ? COLUMNS_OF_SEVERAL : COLUMNS}
      rows={rows}
      rowId={({ id }) => String(id)}
      total={hasNextPage ? undefined : rows.length}
      active={active}
      onOpen={({ id }) => {
        // Whoever comes back finds the row again.
        void navigate({ to: "/settlements", search: { at: id }, replace: true }).then(() =>
          navigate({ to: "/settlements/$batch", params: { batch: String(id) } }),
        );
      }}
      hasMore={hasNextPage}
      loadingMore={isFetchingNextPage}
      onMore={() => void fetchNextPage()}
    />
  );
}
