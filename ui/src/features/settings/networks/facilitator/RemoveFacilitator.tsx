import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useFacilitatorRemove } from "../../../../api/facilitators";
import type { NetworkItem } from "../../../../api/generated/NetworkItem";
import { m } from "../../../../i18n/paraglide/messages";
import { AlertDialog } from "../../../../ui/AlertDialog";
import { Button } from "../../../../ui/Button";
import { Refusal } from "../../../../ui/Refusal";
import { notify } from "../../../../ui/toast";

/** Asks before the gas wallet alone settles again: what the facilitator knows the seller by is forgotten. */
export function RemoveFacilitator({ item: { network, title }, host }: { item: NetworkItem; host: string }) {
  const { mutate, isPending, error, reset } = useFacilitatorRemove();
  const [isAsking, setAsking] = useState(false);
  const change = (isOpen: boolean) => {
    reset();
    setAsking(isOpen);
  };
  const remove = () =>
    mutate(
      { network },
      {
        onSuccess: () => {
          change(false);
          notify({ title: m.networks_facilitator_removed({ network: title }) });
        },
      },
    );
  return (
    <div>
      <Button variant="danger" size="sm" icon={Trash2} onClick={() => setAsking(true)}>
        {m.networks_facilitator_remove()}
      </Button>
      <AlertDialog
        open={isAsking}
        onOpenChange={change}
        title={m.networks_facilitator_remove_title({ host })}
        description={m.networks_facilitator_remove_text({ network: title })}
        confirm={
          <Button variant="danger" loading={isPending} onClick={remove}>
            {m.networks_facilitator_remove_confirm()}
          </Button>
        }
      >
        {error !== null && <Refusal title={m.networks_facilitator_remove_failed()} error={error} />}
      </AlertDialog>
    </div>
  );
}
