import type { NetworkView } from "../../../api/generated/NetworkView";
import { m } from "../../../i18n/messages";
import { Dialog } from "../../../ui/Dialog";
import { PayoutForm } from "./PayoutForm";

interface Props {
  network: NetworkView;
  gasWallet: string | null;
  open: boolean;
  onClose(): void;
}

/** Says where the money goes on a network, the first time or another time. */
export function PayoutDialog({ network, gasWallet, open, onClose }: Props) {
  const { title, payTo } = network;
  const isFirst = payTo === null;
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => isOpen || onClose()}
      wide
      title={isFirst ? m.settings_payout_title_set() : m.settings_payout_title()}
      description={
        isFirst
          ? m.settings_payout_dialog_set({ network: title })
          : m.settings_payout_dialog({ network: title })
      }
    >
      <PayoutForm network={network} gasWallet={gasWallet} onDone={onClose} />
    </Dialog>
  );
}
