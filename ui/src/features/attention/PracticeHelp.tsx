import type { FailureView } from "../../api/generated/FailureView";
import { usePracticeFund } from "../../api/queries";
import { m } from "../../i18n/messages";
import { useAmountText } from "../../ui/amounts";
import { Button } from "../../ui/Button";
import { notify } from "../../ui/toast";

/** In practice, the buyer of a payment gets what it lacks, so that it can be tried again. */
export function PracticeHelp({ failure }: { failure: FailureView }) {
  const { mutate, isPending } = usePracticeFund();
  const amountText = useAmountText();
  const { payer, formatted } = failure;
  const give = () =>
    mutate(
      { addresses: [payer], amount: formatted },
      {
        onSuccess: () =>
          notify({
            title: m.attention_give_done({ amount: amountText(formatted) }),
            description: m.attention_give_done_text(),
            tone: "settled",
          }),
        onError: (error) =>
          notify({ title: m.attention_give_failed(), description: error.message, tone: "failed" }),
      },
    );
  return (
    <Button size="sm" loading={isPending} onClick={give}>
      {m.attention_give()}
    </Button>
  );
}
