import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { PayerView } from "../../api/generated/PayerView";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { cn } from "../../ui/cn";
import type { Column } from "../../ui/column";
import { Money } from "../../ui/Money";
import { StandingBadge, standingWord } from "../../ui/StandingBadge";
import { TimeAgo } from "../../ui/TimeAgo";
import type { Room } from "../../ui/useRoom";

type BuyerColumn = Column<PayerView>;

const buyer: BuyerColumn = {
  name: "buyers.buyer",
  header: m.buyers_column_buyer,
  cell: (row) => <Buyer row={row} />,
  width: "minmax(9.5rem, 1fr)",
};

const standing: BuyerColumn = {
  name: "buyers.standing",
  header: m.buyers_column_standing,
  cell: (row) => <Standing standing={row.standing} />,
  width: "minmax(6.5rem, 0.6fr)",
};

const payments: BuyerColumn = {
  name: "buyers.payments",
  header: m.buyers_column_payments,
  cell: ({ accepted }) => formatCount(accepted.payments),
  width: "5rem",
  align: "right",
};

const last: BuyerColumn = {
  name: "buyers.last",
  header: m.buyers_column_last,
  cell: ({ lastSeenAt }) => <Last at={lastSeenAt} />,
  width: "7rem",
};

const network: BuyerColumn = {
  name: "buyers.network",
  header: m.buyers_column_network,
  cell: (row) => <Network network={row.network} />,
  width: "minmax(6.5rem, 0.5fr)",
};

interface Look {
  room: Room;
  /** Whether there are sums with many digits. None is ever cut off. */
  long: boolean;
  /** Whether it matters on which network somebody pays. */
  many: boolean;
  /** The most decimals that one of the sums has: all are lined up by their points. */
  places: number;
}

/** The columns. Keep them while nothing of their look changes. */
export function buyerColumns({ room, long, many, places }: Look): BuyerColumn[] {
  const sum = (
    kind: "accepted" | "settled" | "exposed" | "lost",
    header: () => string,
    look?: string,
  ): BuyerColumn => ({
    name: `buyers.${kind}`,
    header,
    cell: (row) => <Sum sum={row[kind]} network={row.network} look={look} places={places} />,
    width: long ? "minmax(9rem, 0.6fr)" : "minmax(5.25rem, 0.6fr)",
    align: "right",
  });
  const paid = sum("accepted", m.buyers_column_paid, "font-medium");
  const failed = sum("lost", m.buyers_column_failed, "text-failed");
  if (room === "narrow") {
    return long ? [buyer, standing, paid] : [buyer, standing, paid, failed];
  }
  return [
    buyer,
    standing,
    ...(many ? [network] : []),
    ...(room === "wide" ? [payments] : []),
    paid,
    sum("settled", m.buyers_column_settled),
    sum("exposed", m.buyers_column_pending, "text-pending"),
    failed,
    ...(room === "wide" ? [last] : []),
  ];
}

function Buyer({ row: { payer, network: where } }: { row: PayerView }) {
  const { addressPage } = useNetworks();
  return (
    <Address
      value={payer}
      what={m.buyers_address()}
      explorer={where === null ? null : addressPage(where, payer)}
    />
  );
}

/** Only what is out of the ordinary catches the eye. */
function Standing({ standing: word }: { standing: string }) {
  return word === "normal" ? (
    <span className="text-text-2">{standingWord(word)}</span>
  ) : (
    <StandingBadge standing={word} />
  );
}

interface SumProps {
  sum: MoneyCount;
  network: string | null;
  look: string | undefined;
  places: number;
}

/** Nothing stands back, so that what there is can be seen. */
function Sum({ sum: { formatted, payments: count }, network: where, look, places }: SumProps) {
  const { token } = useNetworks();
  return (
    <Money
      value={formatted}
      token={where === null ? undefined : token(where)}
      places={places}
      className={cn(count === 0 ? "text-text-3" : look)}
    />
  );
}

function Last({ at }: { at: string | null }) {
  return at === null ? (
    <span className="text-text-3">{m.buyers_never()}</span>
  ) : (
    <TimeAgo at={Date.parse(at)} className="text-text-2" />
  );
}

function Network({ network: name }: { network: string | null }) {
  const { title } = useNetworks();
  return <span className="text-text-2">{name === null ? "" : title(name)}</span>;
}
