import type { ApiError } from "../../api/error";
import type { AttentionView } from "../../api/generated/AttentionView";
import type { WrittenOff } from "../../api/generated/WrittenOff";
import { usePaymentWriteOff } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount, formatUsd } from "../../lib/money";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { useSurroundings } from "../../ui/surroundings";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";

interface Props {
  item: AttentionView;
  open: boolean;
  onOpenChange(open: boolean): void;
  onClosed(): void;
}

/** Asks before the payments of a reason are given up. */
export function WriteOffDialog({ item, open, onOpenChange, onClosed }: Props) {
  const { mutateAsync, isPending, error, reset } = usePaymentWriteOff();
  const isShown = useShown(open);
  const { amountsHidden } = useSurroundings();
  const change = (isOpen: boolean) => {
    reset();
    onOpenChange(isOpen);
  };
  // The group may be gone, or the question closed, before the answer comes: it is told all the same.
  const done = ({ closed }: WrittenOff) => {
    if (isShown.current) {
      change(false);
      onClosed();
    }
    notify({
      title:
        closed === 0
          ? m.attention_write_off_none()
          : m.attention_write_off_done({ count: closed, number: formatCount(closed) }),
    });
  };
  const refused = ({ message }: ApiError) => {
    if (!isShown.current) {
      notify({ title: m.attention_write_off_failed(), description: message, tone: "failed" });
    }
  };
  const { reason, network, payments } = item;
  const writeOff = () => void mutateAsync({ reason, network, expected: payments }).then(done, refused);
  return (
    <AlertDialog
      open={open}
      onOpenChange={change}
      title={m.attention_write_off_title({ count: item.payments, number: formatCount(item.payments) })}
      description={m.attention_write_off_text()}
      confirm={
        <Button variant="danger" loading={isPending} onClick={writeOff}>
          {amountsHidden || item.amount === null
            ? m.attention_write_off()
            : m.attention_write_off_confirm({ amount: formatUsd(item.amount.formatted) })}
        </Button>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 rounded-control bg-surface-2 p-3">
        <dt className="text-text-2">{m.attention_write_off_reason()}</dt>
        <dd>{item.sentence}</dd>
        {item.amount !== null && (
          <>
            <dt className="text-text-2">{m.attention_write_off_sum()}</dt>
            <dd>
              <Money value={item.amount.formatted} className="font-medium" />
            </dd>
          </>
        )}
      </dl>
      {error !== null && (
        <p role="alert" className="mt-3 text-failed">
          {m.attention_write_off_failed()}: {error.message}
        </p>
      )}
    </AlertDialog>
  );
}
