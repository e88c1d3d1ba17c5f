import { useFacilitatorRemove } from "../../../../api/facilitators";
import type { NetworkItem } from "../../../../api/generated/NetworkItem";
import { m } from "../../../../i18n/messages";
import { RemoveButton } from "../RemoveButton";

/** Asks before the gas wallet alone settles again: what the facilitator knows the seller by is forgotten. */
export function RemoveFacilitator({ item: { network, title }, host }: { item: NetworkItem; host: string }) {
  return (
    <RemoveButton
      network={network}
      command={useFacilitatorRemove()}
      small
      label={m.networks_facilitator_remove()}
      title={m.networks_facilitator_remove_title({ host })}
      text={m.networks_facilitator_remove_text({ network: title })}
      confirm={m.networks_facilitator_remove_confirm()}
      failed={m.networks_facilitator_remove_failed()}
      done={m.networks_facilitator_removed({ network: title })}
    />
  );
}
