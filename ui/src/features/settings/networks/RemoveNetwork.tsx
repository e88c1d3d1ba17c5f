import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import { useNetworkRemove } from "../../../api/networks";
import { m } from "../../../i18n/paraglide/messages";
import { AlertDialog } from "../../../ui/AlertDialog";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";

interface Props {
  item: NetworkItem;
  onRemoved(): void;
}

/** Asks before a network is given up: nothing is sold there any more, and its nodes are forgotten. */
export function RemoveNetwork({ item: { network, title }, onRemoved }: Props) {
  const { mutate, isPending, error, reset } = useNetworkRemove();
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
          onRemoved();
          notify({ title: m.networks_removed({ network: title }) });
        },
      },
    );
  return (
    <>
      <Button variant="danger" icon={Trash2} onClick={() => setAsking(true)}>
        {m.networks_remove()}
      </Button>
      <AlertDialog
        open={isAsking}
        onOpenChange={change}
        title={m.networks_remove_title({ network: title })}
        description={m.networks_remove_text({ network: title })}
        confirm={
          <Button variant="danger" loading={isPending} onClick={remove}>
            {m.networks_remove_confirm()}
          </Button>
        }
      >
        {error !== null && <Refusal title={m.networks_remove_failed()} error={error} />}
      </AlertDialog>
    </>
  );
}
