import { QrCode as QrIcon } from "lucide-react";
import { useState } from "react";
import { useHindrances } from "../../api/hindrances";
import { m } from "../../i18n/messages";
import { bareUrl, isLoopback, shorten } from "../../lib/address";
import { plannedTime } from "../../lib/time";
import { CopyButton } from "../../ui/CopyButton";
import { cn } from "../../ui/cn";
import { Dialog } from "../../ui/Dialog";
import { IconButton } from "../../ui/IconButton";
import { QrCode } from "../../ui/QrCode";
import { Switch } from "../../ui/Switch";
import { useStallSwitch } from "./StallSwitch";
import { type Standing, useStanding } from "./standing";

const LOOKS: Record<Standing, { word: () => string; dot: string }> = {
  starting: { word: m.shell_starting, dot: "rounded-full border-2 border-pending" },
  selling: { word: m.shell_selling, dot: "rounded-full bg-settled" },
  paused: { word: m.shell_paused, dot: "rounded-full border-2 border-neutral" },
  offline: { word: m.shell_offline, dot: "bg-failed" },
};

/** Whether the stall sells, where it is reached, and the switch that opens and closes it. */
export function StallCard() {
  const { standing, reason, url, pausedUntil } = useStanding();
  const { busy, turn } = useStallSwitch();
  const { files } = useHindrances();
  const unsold = standing === "selling" ? files : 0;
  const { word, dot } = LOOKS[standing];
  return (
    <section
      aria-label={m.shell_stall()}
      className="flex flex-col gap-1 rounded-card mid:border mid:bg-bg mid:p-3"
    >
      <div className="flex min-h-6 flex-col items-center gap-2 mid:flex-row">
        <span aria-hidden className={cn("size-2 shrink-0", unsold > 0 ? "rounded-full bg-warning" : dot)} />
        <span className="text-caption font-medium mid:text-body">
          <span role="status" className="sr-only mid:not-sr-only">
            {word()}
          </span>
        </span>
        <span className="mid:ml-auto">
          <Switch
            label={m.shell_switch()}
            labelHidden
            checked={standing !== "paused" && standing !== "starting"}
            disabled={busy || standing === "starting"}
            onCheckedChange={(isOn) => turn(isOn)}
          />
        </span>
      </div>
      {pausedUntil !== null && (
        <p className="hidden text-caption text-text-2 mid:block">
          {m.shell_paused_until({ time: plannedTime(pausedUntil) })}
        </p>
      )}
      {url !== null && <StallAddress url={url} />}
      {unsold > 0 && (
        <p className="hidden text-caption text-warning mid:block">{m.ui_unsold({ count: unsold })}</p>
      )}
      {reason !== null && <p className="hidden text-caption text-failed mid:block">{reason}</p>}
    </section>
  );
}

function StallAddress({ url }: { url: string }) {
  const [showsCode, setShowsCode] = useState(false);
  return (
    <>
      <div className="flex min-w-0 flex-col items-center mid:flex-row">
        <code title={url} className="mr-auto hidden truncate font-mono text-caption text-text-2 mid:inline">
          {shorten(bareUrl(url), 10, 9)}
        </code>
        <CopyButton text={url} what={m.shell_stall_address()} />
        <IconButton icon={QrIcon} size="sm" label={m.shell_qr()} onClick={() => setShowsCode(true)} />
      </div>
      {isLoopback(url) && (
        <p className="hidden text-caption text-text-3 mid:block">{m.shell_this_computer()}</p>
      )}
      <Dialog
        open={showsCode}
        onOpenChange={setShowsCode}
        title={m.shell_qr_title()}
        description={isLoopback(url) ? m.shell_this_computer() : m.shell_qr_text()}
      >
        <div className="flex flex-col items-center gap-3">
          <QrCode value={url} label={m.shell_qr_label({ url })} />
          <div className="flex max-w-full items-center gap-1">
            <code className="min-w-0 font-mono text-caption break-all">{url}</code>
            <CopyButton text={url} what={m.shell_stall_address()} />
          </div>
        </div>
      </Dialog>
    </>
  );
}
