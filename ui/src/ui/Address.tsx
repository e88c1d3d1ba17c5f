import { ExternalLink } from "lucide-react";
import { m } from "../i18n/messages";
import { shorten } from "../lib/address";
import { useAttended } from "./attended";
import { CopyButton } from "./CopyButton";
import { cn } from "./cn";
import { IconButton } from "./IconButton";
import { useOpen } from "./useOpen";

interface Props {
  /** The whole address or hash. */
  value: string;
  /** What it is, such as "the payout address": for the labels. */
  what?: string;
  head?: number;
  tail?: number;
  /** Shows all of it, broken where it must. */
  full?: boolean;
  /** Its page in the network's explorer; left out where there is none. */
  explorer?: string | null | undefined;
  className?: string;
}

/** An address or a hash: its ends, all of it on hover, copied with one press. In a row, somebody has to be at it. */
export function Address({
  value,
  what = m.ui_address(),
  head = 6,
  tail = 4,
  full = false,
  explorer = null,
  className,
}: Props) {
  const isAttended = useAttended();
  return (
    <span className={cn("inline-flex min-h-6 min-w-0 items-center gap-0.5", className)}>
      <code title={value} className={cn("font-mono text-caption", full ? "break-all" : "whitespace-nowrap")}>
        {full ? (
          value
        ) : (
          <>
            <span aria-hidden>{shorten(value, head, tail)}</span>
            <span className="sr-only">{value}</span>
          </>
        )}
      </code>
      {isAttended && <CopyButton text={value} what={what} />}
      {isAttended && explorer !== null && <ExplorerButton page={explorer} what={what} />}
    </span>
  );
}

function ExplorerButton({ page, what }: { page: string; what: string }) {
  const open = useOpen();
  return (
    <IconButton
      icon={ExternalLink}
      size="sm"
      label={m.ui_show_elsewhere({ what })}
      onClick={(event) => {
        event.stopPropagation();
        void open(page);
      }}
    />
  );
}
