import { ArrowLeftRight } from "lucide-react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { zoneName } from "../../lib/time";
import { Address } from "../../ui/Address";
import { Countdown } from "../../ui/Countdown";
import { columnsOf } from "../../ui/DataTable";
import { Money } from "../../ui/Money";
import { prefer } from "../../ui/preferences";
import { StateBadge } from "../../ui/StateBadge";
import { TimeAgo } from "../../ui/TimeAgo";
import type { Room } from "../../ui/useRoom";

const column = columnsOf<PaymentView>();

const date = (absolute: boolean) =>
  column.accessor("createdAt", {
    header: () => <DateHeader absolute={absolute} />,
    cell: ({ getValue }) => <TimeAgo at={getValue()} absolute={absolute} className="text-text-2" />,
    meta: { width: absolute ? "11.5rem" : "6.5rem" },
  });

const amount = (long: boolean, places: number) =>
  column.accessor("formatted", {
    header: () => m.payments_column_amount(),
    cell: ({ row }) => <Amount payment={row.original} places={places} />,
    meta: { width: long ? "minmax(9rem, 0.4fr)" : "minmax(5.5rem, 0.4fr)", align: "right" },
  });

const state = column.accessor("state", {
  header: () => m.payments_column_state(),
  cell: ({ row }) => <State payment={row.original} />,
  meta: { width: "minmax(10rem, 0.8fr)" },
});

const endpoint = column.accessor("endpointTitle", {
  header: () => m.payments_column_endpoint(),
  cell: ({ row }) => <Thing payment={row.original} />,
  meta: { width: "minmax(6.5rem, 1.6fr)" },
});

const buyer = column.accessor("payer", {
  header: () => m.payments_column_buyer(),
  cell: ({ row }) => <Buyer payment={row.original} />,
  meta: { width: "minmax(7.75rem, 0.5fr)" },
});

const batch = column.accessor("batch", {
  header: () => m.payments_column_batch(),
  cell: ({ getValue }) => <Batch batch={getValue()} />,
  meta: { width: "4rem", align: "right" },
});

const network = column.accessor("network", {
  header: () => m.payments_column_network(),
  cell: ({ getValue }) => <Network network={getValue()} />,
  meta: { width: "minmax(6.5rem, 0.5fr)" },
});

interface Look {
  room: Room;
  /** Whether dates are written with their time, or told by how long ago they were. */
  absolute: boolean;
  /** Whether there are amounts with many digits. None is ever cut off. */
  long: boolean;
  /** Whether it matters on which network somebody paid. */
  many: boolean;
  /** The columns that somebody left out. */
  hidden: readonly string[];
  /** The names of columns in the order that somebody gave them. */
  order: readonly string[];
  /** How wide somebody made them, in rem. */
  widths: Readonly<Record<string, number>>;
  /** The most decimals that one of the amounts has: all are lined up by their points. */
  places: number;
}

interface ColumnWord {
  /** The name under which its place and width are remembered. */
  name: string;
  word: () => string;
  /** Whether it always stays. */
  stays?: true;
  /** How wide it is, about, while nobody changed that: in rem. */
  usual: number;
}

/** All columns in their usual order. */
export const COLUMNS: readonly ColumnWord[] = [
  { name: "payments.date", word: m.payments_column_date, usual: 6.5 },
  { name: "payments.amount", word: m.payments_column_amount, stays: true, usual: 5.5 },
  { name: "payments.state", word: m.payments_column_state, stays: true, usual: 10 },
  { name: "payments.endpoint", word: m.payments_column_endpoint, usual: 12 },
  { name: "payments.buyer", word: m.payments_column_buyer, usual: 7.75 },
  { name: "payments.batch", word: m.payments_column_batch, usual: 4 },
  { name: "payments.network", word: m.payments_column_network, usual: 6.5 },
];

/** The columns in the order that somebody gave them; those without a place follow. */
export function inOrder(order: readonly string[]): readonly ColumnWord[] {
  const place = ({ name }: ColumnWord) => (order.includes(name) ? order.indexOf(name) : COLUMNS.length);
  return COLUMNS.toSorted((one, other) => place(one) - place(other));
}

/** The columns. Keep them while nothing of their look changes. */
export function paymentColumns({ room, absolute, long, many, places, hidden, order, widths }: Look) {
  const all = {
    "payments.date": date(absolute),
    "payments.amount": amount(long, places),
    "payments.state": state,
    "payments.endpoint": endpoint,
    "payments.buyer": room === "narrow" ? null : buyer,
    "payments.batch": room === "narrow" ? null : batch,
    "payments.network": many && room === "wide" ? network : null,
  };
  return inOrder(order).flatMap(({ name }) => {
    const known = all[name as keyof typeof all];
    if (known === null || hidden.includes(name)) {
      return [];
    }
    const own = widths[name];
    return [{ ...known, meta: { ...known.meta, name, ...(own !== undefined && { width: `${own}rem` }) } }];
  });
}

function DateHeader({ absolute }: { absolute: boolean }) {
  const zone = zoneName(Date.now());
  return (
    <button
      type="button"
      aria-label={absolute ? m.payments_date_exact({ zone }) : m.payments_date_ago()}
      title={absolute ? m.payments_date_exact({ zone }) : m.payments_date_ago()}
      onClick={() => prefer({ absoluteTimes: !absolute })}
      className="inline-flex min-h-6 items-center gap-1 rounded-control outline-offset-[-2px] hover:text-text"
    >
      {m.payments_column_date()}
      {absolute && <span className="font-normal">{zone}</span>}
      <ArrowLeftRight aria-hidden className="size-3" strokeWidth={1.5} />
    </button>
  );
}

/** The endpoint, and which file of it where each is bought by itself. */
function Thing({ payment: { endpointTitle, file } }: { payment: PaymentView }) {
  return (
    <span title={file === null ? endpointTitle : `${endpointTitle} · ${file}`}>
      <bdi>{endpointTitle}</bdi>
      {file !== null && (
        <span className="text-text-2">
          {" · "}
          <bdi>{file}</bdi>
        </span>
      )}
    </span>
  );
}

function Amount({ payment, places }: { payment: PaymentView; places: number }) {
  const { token } = useNetworks();
  return (
    <Money value={payment.formatted} token={token(payment.network)} places={places} className="font-medium" />
  );
}

function State({ payment: { state: now, validBefore } }: { payment: PaymentView }) {
  const end = validBefore * 1000;
  return (
    <span className="inline-flex items-center gap-1.5">
      <StateBadge state={now} expiresAt={end} />
      {now === "queued" && <Countdown end={end} short />}
    </span>
  );
}

function Buyer({ payment }: { payment: PaymentView }) {
  const { addressPage } = useNetworks();
  return (
    <Address
      value={payment.payer}
      what={m.payments_buyer()}
      inRow
      explorer={addressPage(payment.network, payment.payer)}
    />
  );
}

function Batch({ batch: number }: { batch: number | null }) {
  return number === null ? (
    <span className="text-text-3">
      <span aria-hidden>–</span>
      <span className="sr-only">{m.payments_no_batch()}</span>
    </span>
  ) : (
    `#${number}`
  );
}

function Network({ network: name }: { network: string }) {
  const { title } = useNetworks();
  return <span className="text-text-2">{title(name)}</span>;
}
