import { Outlet } from "@tanstack/react-router";
import { m } from "../../i18n/paraglide/messages";
import { Page } from "../../ui/Page";

/** The list, with the drawer of the route below it. */
export function EndpointsPage() {
  return (
    <Page title={m.endpoints_title()}>
      <Outlet />
    </Page>
  );
}
