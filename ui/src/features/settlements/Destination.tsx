import { useState } from "react";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { CopyButton } from "../../ui/CopyButton";

const ENDS = 6;

/** Where the money goes: its ends, and all of it while it has the focus or is pointed at. */
export function Destination({ address }: { address: string }) {
  const [isFocused, setFocused] = useState(false);
  const [isPointedAt, setPointedAt] = useState(false);
  const isWhole = isFocused || isPointedAt;
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <button
        type="button"
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onMouseEnter={() => setPointedAt(true)}
        onMouseLeave={() => setPointedAt(false)}
        className="min-h-6 min-w-0 rounded-control text-right font-mono text-caption break-all select-text"
      >
        <span aria-hidden>{isWhole ? address : shorten(address, ENDS + 2, ENDS)}</span>
        <span className="sr-only">{address}</span>
      </button>
      <CopyButton text={address} what={m.settlements_dialog_to_what()} />
    </span>
  );
}
