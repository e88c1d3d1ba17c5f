import { useQuery } from "@tanstack/react-query";
import { CopyPlus } from "lucide-react";
import { useState } from "react";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { CopyForm } from "./CopyForm";

interface Props {
  /** Those that go into another environment; left out, another one's come into this one. */
  chosen?: readonly string[];
  onDone?: () => void;
}

/** Copies endpoints between this environment and another one, after a look at what would change there. */
export function Copying({ chosen, onDone }: Props) {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button size={chosen && "sm"} icon={CopyPlus} onClick={() => setOpen(true)}>
        {chosen ? m.data_copy_into() : m.data_copy_do()}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        wide
        title={m.data_copy()}
        description={chosen ? m.data_copy_into_text() : m.data_copy_text()}
      >
        {status !== undefined && (
          <CopyForm
            here={status.environment}
            chosen={chosen}
            onCancel={close}
            onDone={() => {
              close();
              onDone?.();
            }}
          />
        )}
      </Dialog>
    </>
  );
}
