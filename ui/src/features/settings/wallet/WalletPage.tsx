import { useQuery } from "@tanstack/react-query";
import { usePlatform } from "../../../api/platform-context";
import { statusQuery } from "../../../api/queries";
import { walletQuery } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { BackLink } from "../../../ui/BackLink";
import { ErrorState } from "../../../ui/ErrorState";
import { Page } from "../../../ui/Page";
import { Skeleton } from "../../../ui/Skeleton";
import { Holdings } from "./Holdings";
import { Key } from "./Key";
import { Locking } from "./Locking";
import { NoWallet } from "./NoWallet";
import { WalletAddress } from "./WalletAddress";
import { WalletBadge } from "./WalletBadge";

/** The wallet that pays for settlement: its address, what it holds, its lock and its key. */
export function WalletPage() {
  const platform = usePlatform();
  const { data: wallet, error, refetch, isFetching } = useQuery(walletQuery(platform));
  const { data: status } = useQuery(statusQuery(platform));
  const isPractice = status?.environment === "practice";
  return (
    <Page title={m.wallet_title()} beside={wallet && <WalletBadge state={wallet.state} />}>
      <div className="mx-auto flex w-full max-w-[64rem] flex-col gap-8">
        <BackLink to="/settings" hash="wallet">
          {m.settings_title()}
        </BackLink>
        {wallet === undefined ? (
          error === null ? (
            <>
              <output className="sr-only">{m.ui_loading()}</output>
              <Skeleton className="h-32 w-full" />
              <Skeleton className="h-32 w-full" />
            </>
          ) : (
            <ErrorState
              title={m.wallet_failed()}
              error={error}
              retrying={isFetching}
              onRetry={() => void refetch()}
            />
          )
        ) : wallet.address === null ? (
          <NoWallet wallet={wallet} />
        ) : (
          <>
            <WalletAddress address={wallet.address} isPractice={isPractice} />
            <Holdings wallet={wallet} />
            <Locking wallet={wallet} />
            <Key wallet={wallet} address={wallet.address} />
          </>
        )}
      </div>
    </Page>
  );
}
