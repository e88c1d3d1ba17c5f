import { FileKey2, KeyRound, WalletMinimal } from "lucide-react";
import { useState } from "react";
import type { WalletView } from "../../../api/generated/WalletView";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { EmptyState } from "../../../ui/EmptyState";
import { type NewKey, NewKeyDialogs } from "./NewKeyDialogs";

/** There is no wallet yet: what it is for, and the two ways to one. */
export function NoWallet({ wallet }: { wallet: WalletView }) {
  const [open, setOpen] = useState<NewKey | null>(null);
  return (
    <div className="rounded-card border bg-surface">
      <EmptyState
        icon={WalletMinimal}
        title={m.wallet_none_title()}
        text={m.wallet_none_text()}
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button variant="primary" icon={KeyRound} onClick={() => setOpen("create")}>
              {m.wallet_create_open()}
            </Button>
            <Button icon={FileKey2} onClick={() => setOpen("import")}>
              {m.wallet_import_open()}
            </Button>
          </div>
        }
      />
      <NewKeyDialogs wallet={wallet} way={open} onClose={() => setOpen(null)} />
    </div>
  );
}
