import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ComponentType, Suspense, useState } from "react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { ErrorState } from "../../ui/ErrorState";
import { OnceDrawn } from "../../ui/OnceDrawn";
import { Page } from "../../ui/Page";
import { BestSellers } from "./BestSellers";
import { CompareSwitch } from "./CompareSwitch";
import { Conversion } from "./Conversion";
import { GettingStarted } from "./GettingStarted";
import { Health } from "./Health";
import { MoneyCards } from "./MoneyCards";
import { PayoutChanged } from "./PayoutChanged";
import type { PurchaseProps } from "./PurchaseDialog";
import { RangeChoice } from "./RangeChoice";
import { Recent } from "./Recent";
import { Sales } from "./Sales";
import { forSale, TestPurchase } from "./TestPurchase";
import { TopBuyers } from "./TopBuyers";

interface Props {
  /** The dialog of a test purchase. It may be read once the window is drawn. */
  purchase: ComponentType<PurchaseProps>;
}

/** How the stall does: its money, its sales, what happened last, and whether it is well. */
export function HomePage({ purchase: PurchaseDialog }: Props) {
  const platform = usePlatform();
  const { data: status, error, refetch, isFetching } = useQuery(statusQuery(platform));
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const [isBuying, setBuying] = useState(false);
  const isPractice = status?.environment === "practice";
  if (error !== null && status === undefined) {
    return (
      <Page title={m.home_title()}>
        <ErrorState
          title={m.home_failed()}
          error={error}
          retrying={isFetching}
          onRetry={() => void refetch()}
        />
      </Page>
    );
  }
  return (
    <Page
      title={m.home_title()}
      action={
        status === undefined ? undefined : isPractice ? (
          <TestPurchase onPress={() => setBuying(true)} />
        ) : (
          <Link to="/endpoints" search={{ add: true }} className={buttonLook({ variant: "primary" })}>
            {m.home_price_file()}
          </Link>
        )
      }
    >
      <PayoutChanged changes={status?.payoutChanged ?? []} />
      <GettingStarted onBuy={() => setBuying(true)} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <RangeChoice />
        <CompareSwitch />
      </div>
      <MoneyCards money={status?.money} />
      <div className="flex flex-wrap items-start gap-6">
        <div className="flex min-w-0 grow-[3] basis-[32rem] flex-col gap-6">
          <Sales />
          <Recent />
        </div>
        <div className="flex min-w-0 grow basis-[16rem] flex-col gap-6">
          <Health />
          <BestSellers />
          <Conversion />
          <TopBuyers />
        </div>
      </div>
      {isPractice && (
        <OnceDrawn>
          <Suspense>
            <PurchaseDialog
              open={isBuying}
              onOpenChange={setBuying}
              wares={forSale(endpoints?.items ?? [])}
            />
          </Suspense>
        </OnceDrawn>
      )}
    </Page>
  );
}
