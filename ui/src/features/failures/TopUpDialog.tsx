import { useQuery } from "@tanstack/react-query";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Address } from "../../ui/Address";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { QrCode } from "../../ui/QrCode";

interface Props {
  /** CAIP-2. */
  network: string;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Where to send what the gas wallet needs. */
export function TopUpDialog({ network, open, onOpenChange }: Props) {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const wallet = status?.gasWallet ?? null;
  const known = status?.networks.find((one) => one.network === network);
  const isPractice = status?.environment === "practice";
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.failures_top_up_title()}
      description={
        isPractice
          ? m.failures_top_up_practice()
          : m.failures_top_up_text({ coin: wallet?.nativeSymbol ?? "", network: known?.title ?? network })
      }
      footer={
        <Button variant="primary" onClick={() => onOpenChange(false)}>
          {m.ui_close()}
        </Button>
      }
    >
      {wallet === null ? (
        <p className="text-text-2">{m.failures_top_up_none()}</p>
      ) : (
        <div className="flex flex-wrap items-center gap-4">
          <QrCode value={wallet.address} label={m.failures_top_up_qr()} size={112} />
          <div className="min-w-0 flex-1 basis-56">
            <p className="text-caption text-text-2">{m.failures_top_up_wallet()}</p>
            <Address full value={wallet.address} what={m.failures_top_up_address()} />
          </div>
        </div>
      )}
    </Dialog>
  );
}
