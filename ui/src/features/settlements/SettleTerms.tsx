import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import type { ReactNode } from "react";
import type { NetworkPreviewView } from "../../api/generated/NetworkPreviewView";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { shortCoin } from "../../lib/coin";
import { formatCount } from "../../lib/money";
import { Badge } from "../../ui/Badge";
import { Money } from "../../ui/Money";
import { useSurroundings } from "../../ui/surroundings";
import { Destination } from "./Destination";

/** How many, how much, what it costs, what arrives, where and on which network. */
export function SettleTerms({ preview }: { preview: NetworkPreviewView }) {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const { amountsHidden } = useSurroundings();
  const network = status?.networks.find((known) => known.network === preview.network);
  const token = network?.asset?.name;
  const fee = `${shortCoin(preview.feeFormatted, "up")} ${preview.nativeSymbol}`;
  const all = preview.count + preview.exclusions.length;
  return (
    <dl className="flex flex-col">
      <Term name={m.settlements_dialog_count()}>
        {all === preview.count
          ? formatCount(preview.count)
          : m.settlements_dialog_checked({ good: formatCount(preview.count), all: formatCount(all) })}
      </Term>
      <Term name={m.settlements_dialog_gross()}>
        <Money value={preview.formatted} token={token} withToken className="whitespace-normal" />
      </Term>
      <Term name={m.settlements_dialog_fee()} note={m.settlements_dialog_fee_note()}>
        <span
          className="tabular-nums"
          title={amountsHidden ? undefined : `${preview.feeFormatted} ${preview.nativeSymbol}`}
        >
          {amountsHidden ? m.settlements_dialog_fee_hidden() : m.settlements_dialog_fee_about({ fee })}
        </span>
      </Term>
      <Term name={m.settlements_dialog_net()} strong>
        <Money value={preview.formatted} token={token} className="text-section whitespace-normal" />
      </Term>
      <Term name={m.settlements_dialog_to()}>
        {preview.payTo === null ? m.settlements_dialog_to_none() : <Destination address={preview.payTo} />}
      </Term>
      <Term name={m.settlements_dialog_network()}>
        <span className="inline-flex flex-wrap justify-end gap-1.5">
          <Badge>{preview.title}</Badge>
          {status !== undefined && status.environment !== "live" && (
            <Badge tone="test" icon={FlaskConical}>
              {status.environment === "practice"
                ? m.settlements_dialog_practice()
                : m.settlements_dialog_test()}
            </Badge>
          )}
        </span>
      </Term>
    </dl>
  );
}

interface TermProps {
  name: string;
  note?: string;
  /** The line that counts. */
  strong?: boolean;
  children: ReactNode;
}

function Term({ name, note, strong = false, children }: TermProps) {
  return (
    <div className="grid min-h-9 grid-cols-[auto_1fr] items-baseline gap-x-6 gap-y-0.5 border-b py-2 last:border-b-0">
      <dt className={strong ? "text-section" : "text-text-2"}>{name}</dt>
      <dd className="min-w-0 text-right [overflow-wrap:anywhere]">{children}</dd>
      {note !== undefined && <dd className="col-span-2 text-caption text-text-2">{note}</dd>}
    </div>
  );
}
