import { useQuery } from "@tanstack/react-query";
import { QrCode as QrIcon, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { GasOnNetworkView } from "../../api/generated/GasOnNetworkView";
import type { GasWalletView } from "../../api/generated/GasWalletView";
import { usePlatform } from "../../api/platform-context";
import { attentionQuery, previewQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { addressPage } from "../../lib/explorer";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Coin } from "../../ui/Coin";
import { Dialog } from "../../ui/Dialog";
import { QrCode } from "../../ui/QrCode";
import { Skeleton } from "../../ui/Skeleton";
import { Figure } from "./Figure";

/** More settlements than this need no figure. */
const MANY = 1000n;

/** What the wallet that pays for settlement holds, and how to fill it. */
export function GasCard() {
  const platform = usePlatform();
  const { data: status } = useQuery(statusQuery(platform));
  const { data: attention } = useQuery(attentionQuery(platform));
  const { data: preview } = useQuery(previewQuery(platform));
  if (status === undefined) {
    return (
      <Figure label={m.settlements_gas()}>
        <Skeleton className="my-1 h-6 w-32" />
        <Skeleton className="mt-2 h-4 w-48" />
      </Figure>
    );
  }
  const { gasWallet: wallet, environment, networks } = status;
  // The wallet is the same account on every network: any explorer shows it.
  const explored = networks.find(({ explorer }) => explorer !== null);
  const low = attention?.items.find(({ kind }) => kind === "gas");
  if (wallet === null) {
    return <Figure label={m.settlements_gas()}>{m.settlements_gas_none()}</Figure>;
  }
  const [only, ...others] = wallet.networks;
  const left =
    others.length > 0
      ? null
      : settlementsLeft(wallet, preview?.networks.find(({ network }) => network === only?.network)?.fee);
  return (
    <Figure
      label={m.settlements_gas()}
      aside={
        low !== undefined && (
          <Badge tone="warning" icon={TriangleAlert}>
            {m.settlements_gas_low()}
          </Badge>
        )
      }
      note={
        low === undefined ? (
          (left ?? m.settlements_gas_why())
        ) : (
          <Low wallet={wallet} isPractice={environment === "practice"} />
        )
      }
    >
      {others.length > 0 ? (
        <GasOnNetworks networks={wallet.networks} />
      ) : wallet.balanceFormatted === null ? (
        <p>{m.settlements_gas_unknown()}</p>
      ) : (
        <Coin
          value={wallet.balanceFormatted}
          symbol={wallet.nativeSymbol}
          rounding="down"
          className="text-title"
        />
      )}
      <div>
        <Address
          value={wallet.address}
          what={m.settlements_gas_address()}
          explorer={addressPage(explored, wallet.address)}
        />
      </div>
    </Figure>
  );
}

/** What it holds on each of several networks. */
function GasOnNetworks({ networks }: { networks: readonly GasOnNetworkView[] }) {
  return (
    <dl className="my-1 flex flex-col gap-1">
      {networks.map(({ network, title, balanceFormatted, nativeSymbol, low }) => (
        <div key={network} className="flex flex-wrap items-baseline justify-between gap-x-3">
          <dt className="min-w-0 text-text-2">{title}</dt>
          <dd className={low ? "text-warning" : undefined}>
            {balanceFormatted === null ? (
              m.settlements_gas_not_known()
            ) : (
              <Coin value={balanceFormatted} symbol={nativeSymbol} rounding="down" />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What to do about an empty wallet. Nobody should send real money into practice, so it shows no code. */
function Low({ wallet, isPractice }: { wallet: GasWalletView; isPractice: boolean }) {
  const [isOpen, setOpen] = useState(false);
  if (isPractice) {
    return m.settlements_gas_fund_practice();
  }
  const text = m.settlements_gas_fund({ coin: wallet.nativeSymbol });
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <span className="min-w-0 flex-1 basis-40">{text}</span>
      <Button icon={QrIcon} size="sm" onClick={() => setOpen(true)}>
        {m.settlements_gas_show()}
      </Button>
      <Dialog open={isOpen} onOpenChange={setOpen} title={m.settlements_gas_qr_title()} description={text}>
        <div className="flex flex-col items-center gap-3">
          <QrCode value={wallet.address} label={m.settlements_gas_qr()} />
          <Address value={wallet.address} what={m.settlements_gas_address()} full />
        </div>
      </Dialog>
    </div>
  );
}

/** For how many settlements like the next one it lasts; null when that is not known. */
function settlementsLeft({ balance }: GasWalletView, fee: string | undefined): string | null {
  if (balance === null || fee === undefined || BigInt(fee) === 0n) {
    return null;
  }
  const left = BigInt(balance) / BigInt(fee);
  return left > MANY
    ? m.settlements_gas_many({ count: formatCount(Number(MANY)) })
    : m.settlements_gas_left({ count: Number(left) });
}
