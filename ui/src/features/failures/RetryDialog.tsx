import { useState } from "react";
import type { ApiError } from "../../api/error";
import { usePaymentRetry } from "../../api/failures";
import type { FailureView } from "../../api/generated/FailureView";
import type { PaymentsRetried } from "../../api/generated/PaymentsRetried";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Refusal } from "../../ui/Refusal";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";
import { PaymentFacts } from "./PaymentFacts";
import { Retried } from "./Retried";
import { restFocus } from "./rest-focus";

interface Props {
  failures: readonly FailureView[];
  /** By which rail they go; as their network says when it is left out. */
  rail?: "facilitator";
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Tries payments again, now or with the next settlement, after asking; what came of each is said. */
export function RetryDialog({ failures, rail, open, onOpenChange }: Props) {
  const { mutateAsync, isPending, error, data } = usePaymentRetry();
  const [when, setWhen] = useState<"now" | "later">("now");
  const isShown = useShown(open);
  const [only] = failures;
  const isOne = failures.length === 1;
  const isDone = data !== undefined;
  const isUnderfunded = failures.some(({ reason }) => reason === "underfunded");

  const answered = (answer: PaymentsRetried) => {
    const isClean = answer.queued === answer.items.length && answer.hindered.length === 0;
    if (isShown.current && isClean) {
      onOpenChange(false);
      restFocus();
    }
    if (!isShown.current || isClean) {
      const many = { count: answer.queued, number: formatCount(answer.queued) };
      const doubt = isUnderfunded ? m.failures_retried_underfunded() : undefined;
      const why = answer.hindered[0] ?? (isClean ? doubt : undefined);
      // That it is being settled is no success yet: the batch says how it ended.
      notify({
        title: when === "now" && isClean ? m.failures_retried_now(many) : m.failures_retried(many),
        ...(why !== undefined && { description: why }),
        ...(isClean && when === "later" && doubt === undefined && { tone: "settled" }),
      });
    }
  };
  const refused = ({ message }: ApiError) => {
    if (!isShown.current) {
      notify({ title: m.failures_retry_failed(), description: message, tone: "failed" });
    }
  };
  const retry = () =>
    void mutateAsync({
      payments: failures.map(({ id }) => id),
      later: when === "later",
      ...(rail !== undefined && { rail }),
    }).then(answered, refused);
  return (
    <AlertDialog
      open={open}
      onOpenChange={onOpenChange}
      title={
        isOne
          ? m.failures_retry_title()
          : m.failures_retry_title_all({ number: formatCount(failures.length) })
      }
      description={m.failures_retry_text()}
      {...(isDone && { dismiss: m.ui_close() })}
      confirm={
        !isDone && (
          <Button variant="primary" loading={isPending} onClick={retry}>
            {m.failures_retry_confirm()}
          </Button>
        )
      }
    >
      {isDone ? (
        <Retried answer={data} />
      ) : (
        <div className="flex flex-col items-start gap-3">
          {isOne && only !== undefined && (
            <div className="w-full">
              <PaymentFacts failure={only} />
            </div>
          )}
          <Choice
            label={m.failures_when()}
            items={[
              { value: "now", label: m.failures_when_now() },
              { value: "later", label: m.failures_when_later() },
            ]}
            value={when}
            onValueChange={(value) => setWhen(value)}
          />
          <p className="text-text-2">
            {when === "now" ? m.failures_when_now_text() : m.failures_when_later_text()}
          </p>
          {isUnderfunded && <p>{m.failures_retry_underfunded()}</p>}
        </div>
      )}
      {error !== null && <Refusal title={m.failures_retry_failed()} error={error} />}
    </AlertDialog>
  );
}
