import { ExternalLink } from "lucide-react";
import { m } from "../i18n/messages";
import { shorten } from "../lib/address";
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
  /** It stands in a row, of which there are many. */
  inRow?: boolean;
  className?: string;
}

/** An address or a hash: its ends, all of it on hover, copied with one press. */
export function Address({
  value,
  what = m.ui_address(),
  head = 6,
  tail = 4,
  full = false,
  explorer = null,
  inRow = false,
  className,
}: Props) {
  const open = useOpen();
  return (
    <span className={cn("inline-flex min-w-0 items-center gap-0.5", className)}>
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
      <CopyButton text={value} what={what} inRow={inRow} />
      {explorer !== null && (
        <IconButton
          icon={ExternalLink}
          size="sm"
          inRow={inRow}
          label={m.ui_show_elsewhere({ what })}
          onClick={(event) => {
            event.stopPropagation();
            void open(explorer);
          }}
        />
      )}
    </span>
  );
}
