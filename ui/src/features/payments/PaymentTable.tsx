import { useCallback, useMemo, useRef } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { PagedTable } from "../../ui/PagedTable";
import { prefer, preferences, usePreferences } from "../../ui/preferences";
import { useRoom } from "../../ui/useRoom";
import { widthsOf } from "./amounts";
import { paymentColumns } from "./columns";
import { NoPayments } from "./NoPayments";
import { useOpenPayment } from "./open";
import { newPayments, useHeard } from "./useHeard";
import type { Payments } from "./usePayments";
import type { Selection } from "./useSelection";

/** Amounts with more characters need a wider column. */
const LONG = 9;

/** What the column takes in which rows are chosen. */
const TICK = 2;

/** How wide a place has to be for more columns. */
const WIDTHS = { middle: 47.5, wide: 55 };

interface Props {
  payments: Payments;
  selection: Selection;
  isFiltered: boolean;
  onClear(): void;
}

/** The payments as rows, or why there are none. */
export function PaymentTable({ payments, selection, isFiltered, onClear }: Props) {
  const { absoluteTimes, hiddenColumns: hidden, columnOrder: order, columnWidths: widths } = usePreferences();
  const place = useRef<HTMLDivElement>(null);
  const { many } = useNetworks();
  const { places, longest } = widthsOf(payments.pages);
  const long = longest > LONG;
  const room = useRoom(place, (absoluteTimes ? 5 : 0) + (long ? 3.5 : 0) + TICK, WIDTHS);
  const columns = useMemo(
    () => paymentColumns({ room, absolute: absoluteTimes, long, many, places, hidden, order, widths }),
    [room, absoluteTimes, long, many, places, hidden, order, widths],
  );
  const { payment: active, open } = useOpenPayment();
  const openRow = useCallback(({ id }: PaymentView) => open(id), [open]);
  const heard = useHeard();
  return (
    <PagedTable
      pages={payments}
      shownFor={payments.shownFor}
      place={place}
      none={<NoPayments isFiltered={isFiltered} onClear={onClear} />}
      label={m.payments_list()}
      columns={columns}
      rowId={idOf}
      total={payments.first?.total}
      onOpen={openRow}
      active={active}
      chosen={selection.ids}
      onChoose={selection.toggle}
      mainValue={mainValue}
      onNew={heard}
      newLabel={newPayments}
      onWidth={setWidth}
    />
  );
}

/** Remembers how wide a column is to be, in rem; null for its usual width. */
function setWidth(name: string, width: number | null): void {
  const { [name]: _, ...others } = preferences().columnWidths;
  prefer({ columnWidths: width === null ? others : { ...others, [name]: width } });
}

/** The transaction, or else the id by which the buyer knows it too. */
function mainValue({ id, transaction }: PaymentView): string {
  return transaction ?? id;
}

function idOf(payment: PaymentView): string {
  return payment.id;
}
