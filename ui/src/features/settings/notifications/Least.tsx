import { useNotifySet } from "../../../api/notify";
import { m } from "../../../i18n/messages";
import { formatDecimal } from "../../../lib/money";
import { notify } from "../../../ui/toast";
import { Row } from "../Section";
import { readAmount } from "../typed";
import { ValueForm } from "../ValueForm";

const DECIMALS = 6;

/** What a sale has to bring to be told of. */
export function Least({ saved }: { saved: string | null }) {
  const saving = useNotifySet();
  return (
    <Row>
      <ValueForm
        label={m.notify_least()}
        hint={m.notify_least_hint()}
        wrong={m.notify_least_wrong()}
        before="$"
        saved={saved === null ? "" : formatDecimal(saved)}
        read={(text) => readAmount(text, DECIMALS)}
        saving={saving}
        onSave={(least) =>
          saving.mutate({ least }, { onSuccess: () => notify({ title: m.notify_saved(), tone: "settled" }) })
        }
      />
    </Row>
  );
}
