import { CloudOff } from "lucide-react";
import { useMemo, useRef } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { m } from "../../i18n/paraglide/messages";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { DataTable, TablePlace } from "../../ui/DataTable";
import { ErrorState } from "../../ui/ErrorState";
import { usePreferences } from "../../ui/preferences";
import { SkeletonRows } from "../../ui/Skeleton";
import { useRoom } from "../../ui/useRoom";
import { paymentColumns } from "./columns";
import { NoPayments } from "./NoPayments";
import { useOpenPayment } from "./open";
import { newPayments, useHeard } from "./useHeard";
import type { Payments } from "./usePayments";

/** Amounts with more characters need a wider column. */
const LONG = 9;

/** How wide a place has to be for more columns. */
const WIDTHS = { middle: 47.5, wide: 55 };

interface Props {
  payments: Payments;
  isFiltered: boolean;
  onClear(): void;
}

/** The payments as rows, or why there are none. */
export function PaymentTable({ payments, isFiltered, onClear }: Props) {
  const { absoluteTimes } = usePreferences();
  const place = useRef<HTMLDivElement>(null);
  const { rows, first, error } = payments;
  const long = rows.some(({ formatted }) => formatted.length > LONG);
  const room = useRoom(place, (absoluteTimes ? 5 : 0) + (long ? 3.5 : 0), WIDTHS);
  const columns = useMemo(
    () => paymentColumns({ room, absolute: absoluteTimes, long }),
    [room, absoluteTimes, long],
  );
  const { payment: active, open } = useOpenPayment();
  const heard = useHeard();
  return (
    <div ref={place} className="flex min-h-48 flex-1 flex-col">
      {rows.length > 0 ? (
        <>
          {error !== null && <Trouble payments={payments} />}
          <DataTable
            key={payments.shownFor}
            label={m.payments_list()}
            columns={columns}
            rows={rows}
            rowId={idOf}
            total={first?.total}
            onOpen={({ id }) => open(id)}
            active={active}
            hasMore={payments.hasMore}
            loadingMore={payments.isLoadingMore}
            onMore={payments.loadMore}
            onNew={heard}
            newLabel={newPayments}
          />
        </>
      ) : (
        <TablePlace>
          {error !== null ? (
            <ErrorState error={error} onRetry={payments.retry} retrying={payments.isFetching} />
          ) : first === undefined ? (
            <SkeletonRows rows={12} />
          ) : (
            <NoPayments isFiltered={isFiltered} onClear={onClear} />
          )}
        </TablePlace>
      )}
    </div>
  );
}

/** Rows are there, but something newer or older could not be asked. */
function Trouble({ payments }: { payments: Payments }) {
  const message = payments.error?.message ?? "";
  return (
    <div role="alert" className="mb-2 overflow-hidden rounded-control">
      <Banner
        tone="failed"
        icon={CloudOff}
        action={
          <Button
            size="sm"
            loading={payments.isFetching}
            onClick={payments.moreFailed ? payments.loadMore : payments.retry}
          >
            {m.payments_retry()}
          </Button>
        }
      >
        {payments.moreFailed ? m.payments_more_failed({ message }) : m.payments_refresh_failed({ message })}
      </Banner>
    </div>
  );
}

function idOf(payment: PaymentView): string {
  return payment.id;
}
