import { useMemo, useRef } from "react";
import type { PayerView } from "../../api/generated/PayerView";
import { useNetworks } from "../../api/network-names";
import type { usePages } from "../../api/pages";
import { m } from "../../i18n/messages";
import { longest, mostPlaces } from "../../lib/money";
import { PagedTable } from "../../ui/PagedTable";
import { useRoom } from "../../ui/useRoom";
import type { Shown } from "./choice";
import { buyerColumns } from "./columns";
import { NoBuyers } from "./NoBuyers";
import { isSame, rowId, useOpenBuyer } from "./open";

/** Sums with more characters need wider columns. */
const LONG = 9;

/** How wide a place has to be for more columns. */
const WIDTHS = { middle: 45, wide: 59 };

interface Props {
  payers: ReturnType<typeof usePages<PayerView>>;
  shown: Shown;
  onReset(): void;
}

/** The buyers as rows, or why there are none. */
export function BuyerTable({ payers, shown, onReset }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const { rows } = payers;
  const { many } = useNetworks();
  const { places, long } = useMemo(() => {
    const sums = rows.flatMap(({ accepted, settled, exposed, lost }) =>
      [accepted, settled, exposed, lost].map(({ formatted }) => formatted),
    );
    const most = mostPlaces(sums);
    return { places: most, long: longest(sums, most) > LONG };
  }, [rows]);
  const room = useRoom(place, (long ? 15 : 0) + (many ? 7.5 : 0), WIDTHS);
  const columns = useMemo(() => buyerColumns({ room, long, many, places }), [room, long, many, places]);
  const { buyer, open } = useOpenBuyer();
  const active = buyer === null ? undefined : rows.find(({ payer }) => isSame(payer, buyer));
  return (
    <PagedTable
      pages={payers}
      shownFor={shown}
      place={place}
      none={<NoBuyers shown={shown} onReset={onReset} />}
      label={m.buyers_list()}
      columns={columns}
      rowId={rowId}
      onOpen={({ payer }) => open(payer)}
      mainValue={({ payer }) => payer}
      active={active === undefined ? null : rowId(active)}
    />
  );
}
