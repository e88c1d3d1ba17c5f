import { Download } from "lucide-react";
import { useExport } from "../../api/books";
import type { PaymentView } from "../../api/generated/PaymentView";
import { m } from "../../i18n/paraglide/messages";
import { Button } from "../../ui/Button";
import { useTell } from "./useTell";

/** Writes the chosen payments into a file. */
export function ExportChosen({ payments, onDone }: { payments: readonly PaymentView[]; onDone(): void }) {
  const { write, isPending } = useExport();
  const tell = useTell(onDone);
  return (
    <Button
      size="sm"
      icon={Download}
      loading={isPending}
      onClick={() =>
        tell(
          write({
            what: "payments",
            format: "csv",
            name: "stallkeeper-payments.csv",
            filter: { payments: payments.map(({ id }) => id) },
          }),
        )
      }
    >
      {m.exports_chosen()}
    </Button>
  );
}
