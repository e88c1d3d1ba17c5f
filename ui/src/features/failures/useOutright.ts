import { useCallback } from "react";
import type { ApiError } from "../../api/error";
import { usePaymentReopen } from "../../api/failures";
import { usePaymentWriteOff } from "../../api/queries";
import { m } from "../../i18n/messages";
import { notify } from "../../ui/toast";
import type { Asked } from "./asking";
import { restFocus } from "./rest-focus";

/** Does at once what can be taken back with one press. Answers whether it was such a thing. */
export function useOutright(): (asked: Asked) => boolean {
  const { mutateAsync: reopen } = usePaymentReopen();
  const { mutateAsync: giveUp } = usePaymentWriteOff();
  return useCallback(
    ({ action, failures: [failure] }) => {
      if (action !== "reopen" || failure === undefined) {
        return false;
      }
      const payment = failure.id;
      const undo = () => void giveUp({ payments: [payment] }).catch(refused(m.failures_write_off_failed()));
      reopen({ payment }).then(({ sentence }) => {
        restFocus();
        notify({
          title: m.failures_reopened(),
          description: sentence,
          action: { label: m.ui_undo(), run: undo },
        });
      }, refused(m.failures_reopen_failed()));
      return true;
    },
    [reopen, giveUp],
  );
}

function refused(title: string): (error: ApiError) => void {
  return ({ message }) => notify({ title, description: message, tone: "failed" });
}
