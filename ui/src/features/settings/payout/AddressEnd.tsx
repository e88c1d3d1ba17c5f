import { m } from "../../../i18n/messages";

/** The end of an address, large, to be compared with the wallet it was copied from. */
export function AddressEnd({ address }: { address: string }) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 rounded-control bg-surface-2 px-3 py-2">
      <span className="text-text-2">{m.settings_payout_echo()}</span>
      <output>
        <code className="font-mono text-section font-semibold tracking-wider">{address.slice(-6)}</code>
      </output>
    </p>
  );
}
