import { useState } from "react";
import type { PayoutView } from "../../../api/generated/PayoutView";
import { m } from "../../../i18n/messages";
import { Choice } from "../../../ui/Choice";
import { Dialog } from "../../../ui/Dialog";
import { FoundForm } from "./FoundForm";
import { SignatureForm } from "./SignatureForm";

type Way = "signature" | "payment";

interface Props {
  payout: PayoutView;
  open: boolean;
  onClose(): void;
}

/** Shows that a payout address is the seller's own: by a signature, or by a payment found in its wallet. */
export function VerifyDialog({ payout, open, onClose }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => isOpen || onClose()}
      wide
      title={m.settings_verify_title({ network: payout.title })}
      description={m.settings_verify_text()}
    >
      <Ways payout={payout} onDone={onClose} />
    </Dialog>
  );
}

function Ways({ payout, onDone }: { payout: PayoutView; onDone(): void }) {
  const [way, setWay] = useState<Way>("signature");
  return (
    <div className="flex flex-col gap-4">
      <Choice<Way>
        label={m.settings_verify_way()}
        items={[
          { value: "signature", label: m.settings_verify_by_signature() },
          { value: "payment", label: m.settings_verify_by_payment() },
        ]}
        value={way}
        onValueChange={setWay}
        className="self-start"
      />
      {way === "signature" ? (
        <SignatureForm payout={payout} onDone={onDone} />
      ) : (
        <FoundForm payout={payout} onDone={onDone} />
      )}
    </div>
  );
}
