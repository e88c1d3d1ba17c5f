import type { BatchView } from "../../api/generated/BatchView";
import { common, useNetwork, useNetworks } from "../../api/networks";
import { m } from "../../i18n/messages";
import { transactionPage } from "../../lib/explorer";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { Coin } from "../../ui/Coin";
import { columnsOf } from "../../ui/DataTable";
import { Money } from "../../ui/Money";
import { TimeAgo } from "../../ui/TimeAgo";
import { BatchBadge } from "./BatchBadge";
import { mainAttempt, startedByWord } from "./batch";

const column = columnsOf<BatchView>();

const id = column.accessor("id", {
  header: m.settlements_column_batch,
  cell: ({ getValue }) => getValue(),
  meta: { width: "3rem" },
});

const state = column.accessor("state", {
  header: m.settlements_column_state,
  cell: ({ getValue }) => <BatchBadge state={getValue()} />,
  meta: { width: "8rem" },
});

const payments = column.accessor("payments", {
  header: m.settlements_column_payments,
  cell: ({ getValue }) => formatCount(getValue()),
  meta: { width: "4.5rem", align: "right" },
});

const network = column.accessor("network", {
  header: m.settlements_column_network,
  cell: ({ getValue }) => <NetworkName network={getValue()} />,
  meta: { width: "minmax(4.5rem, 1fr)" },
});

const transaction = column.display({
  id: "transaction",
  header: m.settlements_column_transaction,
  cell: ({ row }) => <Transaction batch={row.original} />,
  meta: { width: "8rem" },
});

interface Look {
  /** Whether there are several networks: each batch then says on which it was settled, and each fee its coin. How many
   * payments it has stands on its page. */
  many: boolean;
  /** The most decimals of a total, and of a fee: all are lined up by their points. */
  places: { total: number; fee: number };
  /** Whether there are totals with many digits. None is ever cut off. */
  long: boolean;
}

/** The columns. Keep them while nothing of their look changes. */
export function batchColumns({ many, long, places }: Look) {
  return [
    id,
    state,
    many ? network : payments,
    column.accessor("formatted", {
      header: m.settlements_column_total,
      cell: ({ row }) => <Total batch={row.original} places={places.total} />,
      meta: { width: totalWidth(many, long), align: "right" },
    }),
    column.accessor("feeFormatted", {
      header: FeeHeader,
      cell: ({ row }) => <Fee batch={row.original} places={places.fee} />,
      meta: { width: many ? "minmax(8rem, 1fr)" : "minmax(6rem, 1fr)", align: "right" },
    }),
    transaction,
    column.accessor("createdAt", {
      header: m.settlements_column_started,
      cell: ({ row }) => (
        <>
          {startedByWord(row.original)} · <TimeAgo at={row.original.createdAt} />
        </>
      ),
      meta: { width: many || long ? "minmax(7.5rem, 1.3fr)" : "minmax(9rem, 1.3fr)" },
    }),
  ];
}

function totalWidth(many: boolean, long: boolean): string {
  return long ? "minmax(9rem, 1fr)" : many ? "minmax(6rem, 1fr)" : "minmax(7.5rem, 1fr)";
}

function NetworkName({ network: name }: { network: string }) {
  return useNetwork(name)?.title ?? name;
}

function Total({ batch, places }: { batch: BatchView; places: number }) {
  return <Money value={batch.formatted} token={useNetwork(batch.network)?.asset?.name} places={places} />;
}

/** The coin that every fee is paid in; undefined where the networks have several. */
function useCoin(): string | undefined {
  return common(useNetworks(), ({ coin }) => coin);
}

function FeeHeader() {
  const coin = useCoin();
  return coin === undefined ? m.settlements_column_fee() : m.settlements_column_fee_in({ coin });
}

function Fee({ batch, places }: { batch: BatchView; places: number }) {
  const where = useNetwork(batch.network);
  const isSaidAbove = useCoin() !== undefined;
  if (batch.feeFormatted === null) {
    return <span className="text-text-3">{m.settlements_none()}</span>;
  }
  return isSaidAbove ? (
    <Coin value={batch.feeFormatted} rounding="up" places={places} />
  ) : (
    <Coin value={batch.feeFormatted} symbol={where?.coin} rounding="up" />
  );
}

function Transaction({ batch }: { batch: BatchView }) {
  const where = useNetwork(batch.network);
  const attempt = mainAttempt(batch);
  if (attempt === undefined) {
    return <span className="text-text-3">{m.settlements_none()}</span>;
  }
  return (
    <Address
      value={attempt.hash}
      what={m.settlements_transaction()}
      inRow
      explorer={transactionPage(where, attempt.hash)}
    />
  );
}
