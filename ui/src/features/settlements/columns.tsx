import type { BatchView } from "../../api/generated/BatchView";
import { common, useNetwork, useNetworks } from "../../api/networks";
import { m } from "../../i18n/messages";
import { transactionPage } from "../../lib/explorer";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { Coin } from "../../ui/Coin";
import type { Column } from "../../ui/column";
import { Money } from "../../ui/Money";
import { TimeAgo } from "../../ui/TimeAgo";
import { BatchBadge } from "./BatchBadge";
import { mainAttempt, startedByWord } from "./batch";

type BatchColumn = Column<BatchView>;

const id: BatchColumn = {
  name: "batches.id",
  header: m.settlements_column_batch,
  cell: (batch) => batch.id,
  width: "3rem",
};

const state: BatchColumn = {
  name: "batches.state",
  header: m.settlements_column_state,
  cell: (batch) => <BatchBadge state={batch.state} />,
  width: "8rem",
};

const payments: BatchColumn = {
  name: "batches.payments",
  header: m.settlements_column_payments,
  cell: (batch) => formatCount(batch.payments),
  width: "4.5rem",
  align: "right",
};

const network: BatchColumn = {
  name: "batches.network",
  header: m.settlements_column_network,
  cell: (batch) => <NetworkName network={batch.network} />,
  width: "minmax(4.5rem, 1fr)",
};

const transaction: BatchColumn = {
  name: "batches.transaction",
  header: m.settlements_column_transaction,
  cell: (batch) => <Transaction batch={batch} />,
  width: "8rem",
};

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
export function batchColumns({ many, long, places }: Look): BatchColumn[] {
  return [
    id,
    state,
    many ? network : payments,
    {
      name: "batches.total",
      header: m.settlements_column_total,
      cell: (batch) => <Total batch={batch} places={places.total} />,
      width: totalWidth(many, long),
      align: "right",
    },
    {
      name: "batches.fee",
      header: () => <FeeHeader />,
      cell: (batch) => <Fee batch={batch} places={places.fee} />,
      width: many ? "minmax(8rem, 1fr)" : "minmax(6rem, 1fr)",
      align: "right",
    },
    transaction,
    {
      name: "batches.started",
      header: m.settlements_column_started,
      cell: (batch) => (
        <>
          {startedByWord(batch)} · <TimeAgo at={batch.createdAt} />
        </>
      ),
      width: many || long ? "minmax(7.5rem, 1.3fr)" : "minmax(9rem, 1.3fr)",
    },
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
      explorer={transactionPage(where, attempt.hash)}
    />
  );
}
