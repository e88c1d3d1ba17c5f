import { FileDown, FileKey2, KeyRound } from "lucide-react";
import { useState } from "react";
import type { KeyPlace } from "../../../api/generated/KeyPlace";
import type { WalletView } from "../../../api/generated/WalletView";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Row, Section } from "../Section";
import { ExportDialog } from "./ExportDialog";
import { type NewKey, NewKeyDialogs } from "./NewKeyDialogs";

interface Props {
  wallet: WalletView;
  address: string;
}

/** Where the key is kept, a copy of it in a file, and another one in its place. */
export function Key({ wallet, address }: Props) {
  const [open, setOpen] = useState<"export" | NewKey | null>(null);
  const isPractice = wallet.keptIn === "practice";
  const shut = () => setOpen(null);
  return (
    <Section title={m.wallet_key()} text={m.wallet_key_text()}>
      <Row title={m.wallet_kept()} text={wallet.keptIn === null ? undefined : keptIn(wallet.keptIn)} />
      {!isPractice && (
        <>
          <Row
            title={m.wallet_export()}
            text={m.wallet_export_row()}
            control={
              <Button
                icon={FileDown}
                reason={wallet.state === "locked" ? m.wallet_export_locked() : null}
                onClick={() => setOpen("export")}
              >
                {m.wallet_export_open()}
              </Button>
            }
          />
          <Row
            title={m.wallet_replace()}
            text={m.wallet_replace_text()}
            control={
              <div className="flex flex-wrap gap-2">
                <Button icon={KeyRound} onClick={() => setOpen("create")}>
                  {m.wallet_create_open()}
                </Button>
                <Button icon={FileKey2} onClick={() => setOpen("import")}>
                  {m.wallet_import_open()}
                </Button>
              </div>
            }
          />
          <ExportDialog
            address={address}
            word={wallet.exportWord ?? address.slice(-6)}
            open={open === "export"}
            onClose={shut}
          />
          <NewKeyDialogs wallet={wallet} way={open === "export" ? null : open} onClose={shut} />
        </>
      )}
    </Section>
  );
}

function keptIn(place: KeyPlace): string {
  switch (place) {
    case "practice":
      return m.wallet_kept_practice();
    case "file":
      return m.wallet_kept_file();
    case "system":
      return m.wallet_kept_system();
  }
}
