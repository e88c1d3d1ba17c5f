import type { FacilitatorView } from "../../../../api/generated/FacilitatorView";
import type { NetworkItem } from "../../../../api/generated/NetworkItem";
import { m } from "../../../../i18n/messages";
import { Dialog } from "../../../../ui/Dialog";
import { FacilitatorForm } from "./FacilitatorForm";

interface Props {
  item: NetworkItem;
  /** As it was set up; undefined where there is none. */
  known: FacilitatorView | undefined;
  open: boolean;
  onClose(): void;
}

/** Says who settles on a network in place of the gas wallet, and how it is told who asks. */
export function FacilitatorDialog({ item, known, open, onClose }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => isOpen || onClose()}
      wide
      title={m.networks_facilitator_title({ network: item.title })}
      description={m.networks_facilitator_text()}
    >
      <FacilitatorForm item={item} known={known} onDone={onClose} />
    </Dialog>
  );
}
