import { useQuery } from "@tanstack/react-query";
import { usePlatform } from "../../api/platform-context";
import { payerQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { Refusal } from "../../ui/Refusal";
import { useStanding } from "./useStanding";

interface Props {
  payer: string;
  /** What is asked about. */
  to: "blocked" | "trusted";
  open: boolean;
  onClose(): void;
}

/** Asks before a buyer is sold nothing any more, or is lent more than others. */
export function StandingDialog({ payer, to, open, onClose }: Props) {
  const { data, error: unknown } = useQuery({ ...payerQuery(usePlatform(), payer), enabled: open });
  const { change, isPending, error, reset } = useStanding(payer);
  const close = () => {
    reset();
    onClose();
  };
  // Without knowing what there was before, there is nothing to go back to.
  const from = data?.standing ?? (unknown?.code === "not_found" ? "normal" : to);
  const confirm = async () => {
    if (await change({ to, from }, true)) {
      close();
    }
  };
  const isBlock = to === "blocked";
  return (
    <AlertDialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && close()}
      title={isBlock ? m.buyers_block_title() : m.buyers_trust_title()}
      description={isBlock ? m.buyers_block_text() : m.buyers_trust_text()}
      confirm={
        <Button variant={isBlock ? "danger" : "primary"} loading={isPending} onClick={() => void confirm()}>
          {isBlock ? m.buyers_block_confirm() : m.buyers_trust_confirm()}
        </Button>
      }
    >
      <code className="block rounded-control bg-surface-2 px-3 py-2 font-mono text-caption break-all">
        {payer}
      </code>
      {error !== null && <Refusal title={m.buyers_failed()} error={error} />}
    </AlertDialog>
  );
}
