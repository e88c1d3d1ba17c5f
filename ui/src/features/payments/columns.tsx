import { ArrowLeftRight } from "lucide-react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { zoneName } from "../../lib/time";
import { Address } from "../../ui/Address";
import { Countdown } from "../../ui/Countdown";
import type { Column } from "../../ui/column";
import { Money } from "../../ui/Money";
import { prefer } from "../../ui/preferences";
import { StateBadge } from "../../ui/StateBadge";
import { TimeAgo } from "../../ui/TimeAgo";
import type { Room } from "../../ui/useRoom";
import { batchOf } from "./batch";

type PaymentColumn = Column<PaymentView>;

const date = (absolute: boolean): PaymentColumn => ({
  name: "payments.date",
  header: () => <DateHeader absolute={absolute} />,
  cell: ({ createdAt }) => <TimeAgo at={createdAt} absolute={absolute} className="text-text-2" />,
  width: absolute ? "11.5rem" : "6.5rem",
});

const amount = (long: boolean, places: number): PaymentColumn => ({
  name: "payments.amount",
  header: m.payments_column_amount,
  cell: (payment) => <Amount payment={payment} places={places} />,
  width: long ? "minmax(9rem, 0.4fr)" : "minmax(5.5rem, 0.4fr)",
  align: "right",
});

const state: PaymentColumn = {
  name: "payments.state",
  header: m.payments_column_state,
  cell: (payment) => <State payment={payment} />,
  width: "minmax(10rem, 0.8fr)",
};

const endpoint: PaymentColumn = {
  name: "payments.endpoint",
  header: m.payments_column_endpoint,
  cell: (payment) => <Thing payment={payment} />,
  width: "minmax(6.5rem, 1.6fr)",
};

const buyer: PaymentColumn = {
  name: "payments.buyer",
  header: m.payments_column_buyer,
  cell: (payment) => <Buyer payment={payment} />,
  width: "minmax(7.75rem, 0.5fr)",
};

const batch: PaymentColumn = {
  name: "payments.batch",
  header: m.payments_column_batch,
  cell: (payment) => <Batch batch={batchOf(payment)} />,
  width: "4rem",
  align: "right",
};

const network: PaymentColumn = {
  name: "payments.network",
  header: m.payments_column_network,
  cell: (payment) => <Network network={payment.network} />,
  width: "minmax(6.5rem, 0.5fr)",
};

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
  const shown = [
    date(absolute),
    amount(long, places),
    state,
    endpoint,
    ...(room === "narrow" ? [] : [buyer, batch]),
    ...(many && room === "wide" ? [network] : []),
  ];
  return inOrder(order).flatMap(({ name }) => {
    const known = shown.find((column) => column.name === name);
    if (known === undefined || hidden.includes(name)) {
      return [];
    }
    const own = widths[name];
    return [own === undefined ? known : { ...known, width: `${own}rem` }];
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
  const end = now === "queued" ? validBefore * 1000 : null;
  return (
    <span className="inline-flex items-center gap-1.5">
      <StateBadge state={now} expiresAt={end} />
      {end !== null && <Countdown end={end} short />}
    </span>
  );
}

function Buyer({ payment }: { payment: PaymentView }) {
  const { addressPage } = useNetworks();
  return (
    <Address
      value={payment.payer}
      what={m.payments_buyer()}
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
