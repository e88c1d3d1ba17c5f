import type { CheckedView } from "../../../api/generated/CheckedView";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import { useNetworkCheck } from "../../../api/networks";
import { m } from "../../../i18n/messages";
import { AlertDialog } from "../../../ui/AlertDialog";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";

interface Props {
  item: NetworkItem;
  failed: readonly CheckedView[];
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Asks before code that changed is trusted with money again. */
export function AcceptDialog({ item, failed, open, onOpenChange }: Props) {
  const { mutate, isPending, error, reset } = useNetworkCheck();
  const change = (isOpen: boolean) => {
    reset();
    onOpenChange(isOpen);
  };
  const accept = () =>
    mutate(
      { network: item.network, accept: true },
      {
        onSuccess: () => {
          change(false);
          notify({ title: m.networks_accepted({ network: item.title }), tone: "settled" });
        },
      },
    );
  return (
    <AlertDialog
      open={open}
      onOpenChange={change}
      title={m.networks_accept_title({ network: item.title })}
      description={m.networks_accept_text()}
      confirm={
        <Button variant="danger" loading={isPending} onClick={accept}>
          {m.networks_accept_confirm()}
        </Button>
      }
    >
      <ul className="flex flex-col gap-2 rounded-control bg-surface-2 p-3">
        {failed.map(({ point, sentence }) => (
          <li key={point} className="break-words">
            {sentence}
          </li>
        ))}
      </ul>
      {error !== null && <Refusal title={m.networks_accept_failed()} error={error} />}
    </AlertDialog>
  );
}
