import type { NetworkItem } from "../../../api/generated/NetworkItem";
import { useNetworkRemove } from "../../../api/networks";
import { m } from "../../../i18n/messages";
import { RemoveButton } from "./RemoveButton";

interface Props {
  item: NetworkItem;
  onRemoved(): void;
}

/** Asks before a network is given up: nothing is sold there any more, and its nodes are forgotten. */
export function RemoveNetwork({ item: { network, title }, onRemoved }: Props) {
  return (
    <RemoveButton
      network={network}
      command={useNetworkRemove()}
      label={m.networks_remove()}
      title={m.networks_remove_title({ network: title })}
      text={m.networks_remove_text({ network: title })}
      confirm={m.networks_remove_confirm()}
      failed={m.networks_remove_failed()}
      done={m.networks_removed({ network: title })}
      onRemoved={onRemoved}
    />
  );
}
