import { Download } from "lucide-react";
import { useState } from "react";
import { call } from "../../../api/client";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";
import { AlertDialog } from "../../../ui/AlertDialog";
import { Button } from "../../../ui/Button";

interface Props {
  busy: boolean;
  onInstall(): void;
}

/** Puts the new version in place. While buyers download, it asks first: their downloads end with the stall. */
export function InstallButton({ busy, onInstall }: Props) {
  const platform = usePlatform();
  const [downloads, setDownloads] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const press = async () => {
    // A stall that cannot say who downloads is not kept from being mended.
    const { delivering } = await call(platform, "quit_preview", null).catch(() => ({ delivering: 0 }));
    if (delivering === 0) {
      onInstall();
    } else {
      setDownloads(delivering);
      setOpen(true);
    }
  };
  return (
    <>
      <Button variant="primary" icon={Download} loading={busy} onClick={() => void press()}>
        {m.computer_install()}
      </Button>
      <AlertDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={m.computer_install_downloading_title()}
        description={m.computer_quit_downloading({ count: downloads, shown: formatCount(downloads) })}
        dismiss={m.computer_quit_stay()}
        confirm={
          <Button
            variant="primary"
            onClick={() => {
              setOpen(false);
              onInstall();
            }}
          >
            {m.computer_install()}
          </Button>
        }
      />
    </>
  );
}
