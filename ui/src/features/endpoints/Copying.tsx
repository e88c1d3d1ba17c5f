import { useQuery } from "@tanstack/react-query";
import { CopyPlus } from "lucide-react";
import { useState } from "react";
import { copiesQuery, useEndpointCopy } from "../../api/data";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { CopyForm, type Environment } from "../../ui/CopyForm";
import { Dialog } from "../../ui/Dialog";
import { notify } from "../../ui/toast";

/** Copies the chosen endpoints into another environment, after a look at what would change there. */
export function CopyChosen({ ids, onDone }: { ids: readonly string[]; onDone(): void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" icon={CopyPlus} onClick={() => setOpen(true)}>
        {m.data_copy_into()}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        wide
        title={m.data_copy()}
        description={m.data_copy_into_text()}
      >
        <Copying
          ids={ids}
          onCancel={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            onDone();
          }}
        />
      </Dialog>
    </>
  );
}

function Copying({ ids, onCancel, onDone }: { ids: readonly string[]; onCancel(): void; onDone(): void }) {
  const platform = usePlatform();
  const { data: status } = useQuery(statusQuery(platform));
  const from = status?.environment ?? "practice";
  const [to, setTo] = useState<Environment>(from === "practice" ? "test" : "live");
  const { data, error } = useQuery(copiesQuery(platform, { from, to, endpoints: [...ids] }));
  const copy = useEndpointCopy();
  return (
    <CopyForm
      label={m.data_copy_into()}
      here={from}
      other={to}
      onOther={setTo}
      items={data?.items}
      unknown={error}
      isCopying={copy.isPending}
      refused={copy.error}
      onCancel={onCancel}
      onCopy={(endpoints) =>
        copy.mutate(
          { from, to, endpoints },
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
