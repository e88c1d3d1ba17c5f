import { call } from "../../api/client";
import type { ApiError } from "../../api/error";
import { usePaymentReopen } from "../../api/failures";
import type { FailureView } from "../../api/generated/FailureView";
import type { WrittenOff } from "../../api/generated/WrittenOff";
import { usePlatform } from "../../api/platform-context";
import { usePaymentWriteOff } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatUsd } from "../../lib/money";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { Refusal } from "../../ui/Refusal";
import { useSurroundings } from "../../ui/surroundings";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";
import { PaymentFacts } from "./PaymentFacts";
import { restFocus } from "./rest-focus";

interface Props {
  failure: FailureView;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Gives a payment up, after asking; for a while it can be taken back at one press. */
export function WriteOffDialog({ failure, open, onOpenChange }: Props) {
  const platform = usePlatform();
  const { mutateAsync, isPending, error } = usePaymentWriteOff();
  const { mutateAsync: reopen } = usePaymentReopen();
  const { amountsHidden } = useSurroundings();
  const isShown = useShown(open);

  const undo = () =>
    void reopen({ payment: failure.id }).catch(({ message }: ApiError) =>
      notify({ title: m.failures_reopen_failed(), description: message, tone: "failed" }),
    );
  const done = async ({ closed }: WrittenOff) => {
    if (isShown.current) {
      onOpenChange(false);
      restFocus();
    }
    if (closed === 0) {
      notify({ title: m.failures_write_off_none() });
      return;
    }
    const now = await call(platform, "failure_show", { payment: failure.id }).catch(() => null);
    const canUndo = now?.actions.includes("reopen") ?? false;
    notify({
      title: m.failures_write_off_done(),
      ...(canUndo && { action: { label: m.ui_undo(), run: undo } }),
    });
  };
  const refused = ({ message }: ApiError) => {
    if (!isShown.current) {
      notify({ title: m.failures_write_off_failed(), description: message, tone: "failed" });
    }
  };
  return (
    <AlertDialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.failures_write_off_title()}
      description={m.failures_write_off_text()}
      confirm={
        <Button
          variant="danger"
          loading={isPending}
          onClick={() => void mutateAsync({ payments: [failure.id] }).then(done, refused)}
        >
          {amountsHidden
            ? m.failures_write_off_confirm_hidden()
            : m.failures_write_off_confirm({ amount: formatUsd(failure.formatted) })}
        </Button>
      }
    >
      <PaymentFacts failure={failure} />
      {error !== null && <Refusal title={m.failures_write_off_failed()} error={error} />}
    </AlertDialog>
  );
}
