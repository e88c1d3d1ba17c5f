import { Outlet } from "@tanstack/react-router";
import { LifeBuoy } from "lucide-react";
import type { ReactNode } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { NetworksProvider, useNetworksOfStall } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { Page } from "../../ui/Page";
import { BulkBar } from "./BulkBar";
import { Filters } from "./Filters";
import { useFilter } from "./filter";
import { ListedProvider } from "./open";
import { PaymentTable } from "./PaymentTable";
import { Summary } from "./Summary";
import { usePayments } from "./usePayments";
import { useSelection } from "./useSelection";

interface Props {
  /** What can be done with several payments together. */
  bulk(payments: readonly PaymentView[], onDone: () => void): ReactNode;
}

/** The list, with the drawer of the route below it. */
export function PaymentsPage({ bulk }: Props) {
  const { filter, isFiltered, clear } = useFilter();
  const payments = usePayments(filter);
  const selection = useSelection(payments.rows, payments.shownFor);
  const hasFailed = payments.error !== null && payments.rows.length === 0;
  return (
    <NetworksProvider value={useNetworksOfStall()}>
      <ListedProvider value={payments.rows}>
        <Page title={m.payments_title()} fill>
          {!hasFailed && <Summary page={payments.first} />}
          {selection.chosen.length > 0 ? <BulkBar selection={selection} actions={bulk} /> : <Filters />}
          {typeof payments.first?.help === "string" && <Help text={payments.first.help} />}
          <PaymentTable payments={payments} selection={selection} isFiltered={isFiltered} onClear={clear} />
        </Page>
        <Outlet />
      </ListedProvider>
    </NetworksProvider>
  );
}

/** What helps the buyers of what has not arrived. */
function Help({ text }: { text: string }) {
  return (
    <p className="flex shrink-0 gap-2.5 rounded-control bg-surface-2 px-3 py-2">
      <LifeBuoy aria-hidden className="mt-0.5 size-4 shrink-0 text-text-2" strokeWidth={1.5} />
      <span>{text}</span>
    </p>
  );
}
