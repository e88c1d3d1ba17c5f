import { useQuery } from "@tanstack/react-query";
import { CopyPlus } from "lucide-react";
import { useState } from "react";
import { copiesQuery, useEndpointCopy } from "../../../api/data";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/paraglide/messages";
import { formatCount } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { CopyForm, type Environment } from "../../../ui/CopyForm";
import { Dialog } from "../../../ui/Dialog";
import { notify } from "../../../ui/toast";

/** Copies endpoints from another environment into the one that is open. */
export function CopyEndpoints({ into }: { into: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={CopyPlus} onClick={() => setOpen(true)}>
        {m.data_copy_do()}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        wide
        title={m.data_copy()}
        description={m.data_copy_text()}
      >
        <Copying into={into} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Copying({ into, onDone }: { into: string; onDone(): void }) {
  const [from, setFrom] = useState<Environment>(into === "live" ? "test" : "practice");
  const { data, error } = useQuery(copiesQuery(usePlatform(), { from, to: into }));
  const copy = useEndpointCopy();
  return (
    <CopyForm
      label={m.data_copy_from()}
      here={into}
      other={from}
      onOther={setFrom}
      items={data?.items}
      unknown={error}
      isCopying={copy.isPending}
      refused={copy.error}
      onCancel={onDone}
      onCopy={(endpoints) =>
        copy.mutate(
          { from, to: into, endpoints },
          {
            onSuccess: ({ copied }) => {
              notify({
                title: m.data_copy_done({ count: copied, number: formatCount(copied) }),
                tone: "settled",
              });
              onDone();
            },
          },
        )
      }
    />
  );
}
