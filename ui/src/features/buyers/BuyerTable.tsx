import { CloudOff } from "lucide-react";
import { useMemo, useRef } from "react";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/paraglide/messages";
import { mostPlaces, placesOf } from "../../lib/money";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { DataTable, TablePlace } from "../../ui/DataTable";
import { ErrorState } from "../../ui/ErrorState";
import { SkeletonRows } from "../../ui/Skeleton";
import { useRoom } from "../../ui/useRoom";
import type { Shown } from "./choice";
import { buyerColumns } from "./columns";
import { NoBuyers } from "./NoBuyers";
import { isSame, rowId, useOpenBuyer } from "./open";
import type { Payers } from "./usePayers";

/** Sums with more characters need wider columns. */
const LONG = 9;

/** How wide a place has to be for more columns. */
const WIDTHS = { middle: 45, wide: 59 };

interface Props {
  payers: Payers;
  shown: Shown;
  onReset(): void;
}

/** The buyers as rows, or why there are none. */
export function BuyerTable({ payers, shown, onReset }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const { rows, error } = payers;
  const { many } = useNetworks();
  const places = useMemo(
    () =>
      mostPlaces(
        rows.flatMap(({ accepted, settled, exposed, lost }) =>
          [accepted, settled, exposed, lost].map(({ formatted }) => formatted),
        ),
      ),
    [rows],
  );
  const long = rows.some(
    ({ accepted: { formatted } }) => formatted.length + places - placesOf(formatted) > LONG,
  );
  const room = useRoom(place, (long ? 15 : 0) + (many ? 7.5 : 0), WIDTHS);
  const columns = useMemo(() => buyerColumns({ room, long, many, places }), [room, long, many, places]);
  const { buyer, open } = useOpenBuyer();
  const active = buyer === null ? undefined : rows.find(({ payer }) => isSame(payer, buyer));
  return (
    <div ref={place} className="flex min-h-48 flex-1 flex-col">
      {rows.length > 0 ? (
        <>
          {error !== null && <Trouble payers={payers} />}
          <DataTable
            key={shown}
            label={m.buyers_list()}
            columns={columns}
            rows={rows}
            rowId={rowId}
            onOpen={({ payer }) => open(payer)}
            active={active === undefined ? null : rowId(active)}
            hasMore={payers.hasMore}
            loadingMore={payers.isLoadingMore}
            onMore={payers.loadMore}
          />
        </>
      ) : (
        <TablePlace>
          {error !== null ? (
            <ErrorState error={error} onRetry={payers.retry} retrying={payers.isFetching} />
          ) : payers.isLoading ? (
            <SkeletonRows rows={12} />
          ) : (
            <NoBuyers shown={shown} onReset={onReset} />
          )}
        </TablePlace>
      )}
    </div>
  );
}

/** Rows are there, but something newer or more of them could not be asked. */
function Trouble({ payers }: { payers: Payers }) {
  const message = payers.error?.message ?? "";
  return (
    <div role="alert" className="mb-2 overflow-hidden rounded-control">
      <Banner
        tone="failed"
        icon={CloudOff}
        action={
          <Button
            size="sm"
            loading={payers.isFetching}
            onClick={payers.moreFailed ? payers.loadMore : payers.retry}
          >
            {m.buyers_retry()}
          </Button>
        }
      >
        {payers.moreFailed ? m.buyers_more_failed({ message }) : m.buyers_refresh_failed({ message })}
      </Banner>
    </div>
  );
}
