import { usePrefetchInfiniteQuery } from "@tanstack/react-query";
import { useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { usePlatform } from "./api/platform-context";
import { paymentsQuery } from "./api/queries";
import { AttentionPage } from "./features/attention/AttentionPage";
import { BlockDialog } from "./features/buyers/BlockDialog";
import { BuyerDrawer } from "./features/buyers/BuyerDrawer";
import { BuyersPage } from "./features/buyers/BuyersPage";
import { Copying } from "./features/endpoints/Copying";
import { EndpointDrawer } from "./features/endpoints/EndpointDrawer";
import { EndpointsPage } from "./features/endpoints/EndpointsPage";
import { PriceButtons } from "./features/endpoints/PriceButtons";
import { PriceSheet } from "./features/endpoints/PriceSheet";
import { ExportChosen } from "./features/exports/ExportChosen";
import { ExportDialog } from "./features/exports/ExportDialog";
import { FailureActions } from "./features/failures/FailureActions";
import { FollowUp } from "./features/failures/FollowUp";
import { RetryAll } from "./features/failures/RetryAll";
import { SettleChosen } from "./features/failures/SettleChosen";
import { WriteOffChosen } from "./features/failures/WriteOffChosen";
import { PurchaseDialog } from "./features/home/PurchaseDialog";
import { PaymentDrawer } from "./features/payments/PaymentDrawer";
import { PaymentsPage } from "./features/payments/PaymentsPage";
import { ReportsPage } from "./features/reports/ReportsPage";
import { BackupsPage } from "./features/settings/backups/BackupsPage";
import { ComputerPage } from "./features/settings/computer/ComputerPage";
import { DataPage } from "./features/settings/data/DataPage";
import { Environments } from "./features/settings/environment/Environments";
import { LicencesPage } from "./features/settings/licences/LicencesPage";
import { LivePage } from "./features/settings/live/LivePage";
import { NetworkSheet } from "./features/settings/networks/NetworkSheet";
import { NetworksPage } from "./features/settings/networks/NetworksPage";
import { NotificationsPage } from "./features/settings/notifications/NotificationsPage";
import { ReachPage } from "./features/settings/reach/ReachPage";
import { ReachSummary } from "./features/settings/reach/ReachSummary";
import { SettingsPage } from "./features/settings/SettingsPage";
import { WalletPage } from "./features/settings/wallet/WalletPage";
import { WebhooksPage } from "./features/settings/webhooks/WebhooksPage";
import { BatchPage } from "./features/settlements/BatchPage";
import { SettleDialog } from "./features/settlements/SettleDialog";
import { SettlementsPage } from "./features/settlements/SettlementsPage";
import { VisitorsPage } from "./features/visitors/VisitorsPage";
import { WelcomePage } from "./features/welcome/WelcomePage";

/** What is read once Home is shown: every other page, by its name. */
export const PAGES = {
  attention: Attention,
  backups: BackupsPage,
  batch: Batch,
  buyer: Buyer,
  buyers: BuyersPage,
  computer: ComputerPage,
  data: DataPage,
  endpoint: Endpoint,
  endpoints: EndpointsPage,
  licences: LicencesPage,
  live: Live,
  network: Network,
  networks: NetworksPage,
  notifications: NotificationsPage,
  payment: Payment,
  payments: Payments,
  reach: ReachPage,
  reports: ReportsPage,
  settings: SettingsPage,
  settlements: Settlements,
  visitors: VisitorsPage,
  wallet: WalletPage,
  webhooks: WebhooksPage,
  welcome: Welcome,
};

/** Dialogs, which are closed at first. */
export const BESIDE = { Dialogs, FollowUp, PriceSheet, PurchaseDialog };

function Payments() {
  return (
    <PaymentsPage
      bulk={(payments, onDone) => (
        <>
          <SettleChosen payments={payments} onDone={onDone} />
          <WriteOffChosen payments={payments} onDone={onDone} />
          <ExportChosen payments={payments.map(({ id }) => id)} onDone={onDone} />
        </>
      )}
    />
  );
}

function Payment() {
  const { payment } = useParams({ from: "/payments/$payment" });
  return <PaymentDrawer payment={payment} actions={(failure) => <FailureActions failure={failure} />} />;
}

function Settlements() {
  return <SettlementsPage at={useSearch({ from: "/settlements/" }).at} />;
}

function Batch() {
  const { batch } = useParams({ from: "/settlements/$batch" });
  return (
    <BatchPage
      batch={batch}
      actions={({ id, items }) => (
        <ExportChosen payments={items.map(({ payment }) => payment)} name={`stallkeeper-batch-${id}.csv`} />
      )}
    />
  );
}

function Attention() {
  return (
    <AttentionPage
      actions={(failure) => <FailureActions failure={failure} size="sm" />}
      forAll={(failures) => <RetryAll failures={failures} />}
    />
  );
}

function Endpoint() {
  return <EndpointDrawer endpoint={useParams({ from: "/endpoints/$endpoint" }).endpoint} />;
}

function Buyer() {
  return <BuyerDrawer buyer={useParams({ from: "/buyers/$buyer" }).buyer} />;
}

function Network() {
  return <NetworkSheet network={useParams({ from: "/settings/networks/$network" }).network} />;
}

function Live() {
  return <LivePage copying={<Copying />} />;
}

function Welcome() {
  return (
    <WelcomePage environment={<Environments />} price={<PriceButtons primary />} reach={<ReachSummary />} />
  );
}

/** The dialogs that open over any page. What is most often opened next is asked by then, and need not be waited for. */
function Dialogs() {
  const router = useRouter();
  usePrefetchInfiniteQuery(paymentsQuery(usePlatform()));
  useEffect(() => void router.preloadRoute({ to: "/payments" }), [router]);
  return (
    <>
      <SettleDialog />
      <BlockDialog />
      <ExportDialog />
    </>
  );
}
