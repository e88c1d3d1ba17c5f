import { Outlet } from "@tanstack/react-router";
import { m } from "../../i18n/paraglide/messages";
import { Page } from "../../ui/Page";

/** The list, with the drawer of the route below it. */
export function PaymentsPage() {
  return (
    <Page title={m.payments_title()}>
      <Outlet />
    </Page>
  );
}
