import { usePaymentEndLinks } from "../../api/queries";
import { m } from "../../i18n/messages";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { Refusal } from "../../ui/Refusal";
import { notify } from "../../ui/toast";

interface Props {
  payment: string;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Asks before links that somebody may have passed on open nothing any more. */
export function EndLinksDialog({ payment, open, onOpenChange }: Props) {
  const { mutate, isPending, error, reset } = usePaymentEndLinks();
  const change = (isOpen: boolean) => {
    reset();
    onOpenChange(isOpen);
  };
  const end = () =>
    mutate(
      { payment },
      {
        onSuccess: () => {
          onOpenChange(false);
          notify({
            title: m.payments_links_ended(),
            description: m.payments_links_ended_text(),
            tone: "settled",
          });
        },
      },
    );
  return (
    <AlertDialog
      open={open}
      onOpenChange={change}
      title={m.payments_links_title()}
      description={m.payments_links_text()}
      confirm={
        <Button variant="danger" loading={isPending} onClick={end}>
          {m.payments_links_confirm()}
        </Button>
      }
    >
      {error !== null && <Refusal title={m.payments_links_failed()} error={error} />}
    </AlertDialog>
  );
}
