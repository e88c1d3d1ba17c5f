import { Download } from "lucide-react";
import { useExport } from "../../api/books";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { useTell } from "./useTell";

interface Props {
  /** Their ids, a thousand at most. */
  payments: readonly string[];
  /** What the file is called unless the person says otherwise. */
  name?: string;
  onDone?: () => void;
}

/** Writes some payments into a file. */
export function ExportChosen({ payments, name = "stallkeeper-payments.csv", onDone = () => {} }: Props) {
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
            name,
            filter: { payments: [...payments] },
          }),
        )
      }
    >
      {m.exports_chosen()}
    </Button>
  );
}
