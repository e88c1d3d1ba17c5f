import { useInfiniteQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { NetworksProvider, useNetworksOfStall } from "../../api/network-names";
import { usePages } from "../../api/pages";
import { usePlatform } from "../../api/platform-context";
import { payersQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Choice } from "../../ui/Choice";
import { Page } from "../../ui/Page";
import { Select } from "../../ui/Select";
import { BuyerTable } from "./BuyerTable";
import { choiceOf, SHOWN, shownWord, useShown } from "./choice";
import { FindAddress } from "./FindAddress";
import { ListedProvider } from "./open";

/** Who pays, with the drawer of the route below. */
export function BuyersPage() {
  const { shown, show } = useShown();
  const payers = usePages(useInfiniteQuery(payersQuery(usePlatform(), choiceOf(shown))));
  const choice = {
    label: m.buyers_show(),
    items: SHOWN.map((value) => ({ value, label: shownWord(value) })),
    value: shown,
    onValueChange: show,
  };
  return (
    <NetworksProvider value={useNetworksOfStall()}>
      <ListedProvider value={payers.rows}>
        <Page title={m.buyers_title()} fill>
          <div className="@container shrink-0">
            <div className="flex min-h-8 flex-wrap items-start gap-2">
              <Choice {...choice} className="@max-[36rem]:hidden" />
              <Select {...choice} className="min-h-8 w-40 @min-[36rem]:hidden" />
              <FindAddress />
            </div>
          </div>
          <BuyerTable payers={payers} shown={shown} onReset={() => show("recent")} />
        </Page>
        <Outlet />
      </ListedProvider>
    </NetworksProvider>
  );
}
