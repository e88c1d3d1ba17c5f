import { Undo2 } from "lucide-react";
import { useState } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { RefundDialog } from "./RefundDialog";

/** Gives back what arrived. */
export function Refund({ payment }: { payment: PaymentView }) {
  const [isOpen, setOpen] = useState(false);
  const [nth, setNth] = useState(0);
  const open = () => {
    setNth(nth + 1);
    setOpen(true);
  };
  return (
    <>
      <Button icon={Undo2} onClick={open}>
        {m.payments_refund()}
      </Button>
      {nth > 0 && <RefundDialog key={nth} payment={payment} open={isOpen} onOpenChange={setOpen} />}
    </>
  );
}
