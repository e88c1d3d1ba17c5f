import { CircleDashed, Lock, LockOpen } from "lucide-react";
import type { WalletState } from "../../../api/generated/WalletState";
import { m } from "../../../i18n/messages";
import { Badge } from "../../../ui/Badge";

/** Whether the wallet can sign. */
export function WalletBadge({ state }: { state: WalletState }) {
  switch (state) {
    case "unlocked":
      return (
        <Badge tone="settled" icon={LockOpen}>
          {m.wallet_unlocked()}
        </Badge>
      );
    case "locked":
      return (
        <Badge tone="warning" icon={Lock}>
          {m.wallet_locked()}
        </Badge>
      );
    case "none":
      return (
        <Badge tone="neutral" icon={CircleDashed}>
          {m.wallet_none()}
        </Badge>
      );
  }
}
