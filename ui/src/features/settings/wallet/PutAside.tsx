import { TriangleAlert } from "lucide-react";
import { m } from "../../../i18n/messages";

/** What becomes of the wallet that gives way. */
export function PutAside({ address }: { address: string | null }) {
  return (
    <div className="flex gap-2.5 rounded-control bg-warning-soft px-3 py-2 text-warning">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <div className="min-w-0">
        <p>{m.wallet_put_aside()}</p>
        <code className="font-mono text-caption break-all">{address}</code>
      </div>
    </div>
  );
}
