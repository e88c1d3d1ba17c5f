import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { usePlatform } from "../../../api/platform-context";
import { statusQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { BackLink } from "../../../ui/BackLink";
import { buttonLook } from "../../../ui/Button";
import { Page } from "../../../ui/Page";
import { NetworksTable } from "./NetworksTable";

/** Every network that can be sold on, with the sheet of the route below it. */
export function NetworksPage() {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const isPractice = status?.environment === "practice";
  return (
    <>
      <Page
        title={m.networks_title()}
        fill
        action={
          status === undefined || isPractice ? undefined : (
            <Link
              to="/settings/networks/$network"
              params={{ network: "custom" }}
              className={buttonLook({ variant: "primary" })}
            >
              <Plus aria-hidden className="size-4" strokeWidth={1.5} />
              {m.networks_custom()}
            </Link>
          )
        }
      >
        <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
          <BackLink to="/settings">{m.settings_title()}</BackLink>
          <p className="text-text-2">{isPractice ? m.networks_text_practice() : m.networks_text()}</p>
        </div>
        <NetworksTable />
      </Page>
      <Outlet />
    </>
  );
}
