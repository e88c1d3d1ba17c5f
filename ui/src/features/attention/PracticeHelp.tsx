import type { ApiError } from "../../api/error";
import { useSettleAgain } from "../../api/failures";
import type { FailureView } from "../../api/generated/FailureView";
import { usePracticeFund } from "../../api/queries";
import { m } from "../../i18n/messages";
import { useAmountText } from "../../ui/amounts";
import { Button } from "../../ui/Button";
import { notify } from "../../ui/toast";
import { useHandOn } from "../../ui/useHandOn";

/** In practice, the buyer of a payment gets what it lacks, and the payment is settled. How that ends, its batch tells. */
export function PracticeHelp({ failure }: { failure: FailureView }) {
  const { mutateAsync: fund, isPending: isFunding } = usePracticeFund();
  const { mutateAsync: settle, isPending: isSettling } = useSettleAgain();
  const amountText = useAmountText();
  const place = useHandOn();
  const { id, payer, formatted } = failure;
  const given = async () => {
    const why = await settle(id).catch(({ message }: ApiError) => message);
    notify({
      title: m.attention_give_done({ amount: amountText(formatted) }),
      description: why === null ? m.attention_give_done_text() : m.attention_give_waits({ why }),
    });
  };
  const refused = ({ message }: ApiError) =>
    notify({ title: m.attention_give_failed(), description: message, tone: "failed" });
  return (
    <span ref={place} className="inline-flex shrink-0">
      <Button
        size="sm"
        loading={isFunding || isSettling}
        onClick={() => void fund({ addresses: [payer], amount: formatted }).then(given, refused)}
      >
        {m.attention_give()}
      </Button>
    </span>
  );
}
