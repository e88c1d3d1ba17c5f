import { ExternalLink, Link2Off } from "lucide-react";
import { useState } from "react";
import type { PaymentDetailView } from "../../api/generated/PaymentDetailView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { useOpen } from "../../ui/useOpen";
import { EndLinksDialog } from "./EndLinksDialog";
import { Section } from "./Facts";

/** The buyer's receipt, to be handed over again, and the links by which what was bought is received. */
export function Receipt({ payment: { id, state, receipt } }: { payment: PaymentDetailView }) {
  const open = useOpen();
  const [isEnding, setEnding] = useState(false);
  if (state === "voided") {
    return null;
  }
  return (
    <Section title={m.payments_section_receipt()}>
      <p className="mb-2 text-text-2">
        {receipt === null ? m.payments_receipt_closed() : m.payments_receipt_text()}
      </p>
      <div className="flex flex-wrap gap-2">
        {receipt !== null && (
          <>
            <CopyButton text={receipt} label={m.payments_receipt_copy()} />
            <Button size="sm" icon={ExternalLink} onClick={() => void open(receipt)}>
              {m.payments_receipt_open()}
            </Button>
          </>
        )}
        <Button size="sm" icon={Link2Off} onClick={() => setEnding(true)}>
          {m.payments_links_end()}
        </Button>
      </div>
      <EndLinksDialog payment={id} open={isEnding} onOpenChange={setEnding} />
    </Section>
  );
}
