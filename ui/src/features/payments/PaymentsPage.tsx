import { Outlet } from "@tanstack/react-router";
import { NetworksProvider, useNetworksOfStall } from "../../api/network-names";
import { m } from "../../i18n/paraglide/messages";
import { Page } from "../../ui/Page";
import { Filters } from "./Filters";
import { useFilter } from "./filter";
import { ListedProvider } from "./open";
import { PaymentTable } from "./PaymentTable";
import { Summary } from "./Summary";
import { usePayments } from "./usePayments";

/** The list, with the drawer of the route below it. */
export function PaymentsPage() {
  const { filter, isFiltered, clear } = useFilter();
  const payments = usePayments(filter);
  const hasFailed = payments.error !== null && payments.rows.length === 0;
  return (
    <NetworksProvider value={useNetworksOfStall()}>
      <ListedProvider value={payments.rows}>
        <Page title={m.payments_title()} fill>
          {!hasFailed && <Summary page={payments.first} />}
          <Filters />
          <PaymentTable payments={payments} isFiltered={isFiltered} onClear={clear} />
        </Page>
        <Outlet />
      </ListedProvider>
    </NetworksProvider>
  );
}
