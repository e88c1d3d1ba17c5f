import type { ApiError } from "../../api/error";
import { usePayerSet } from "../../api/queries";
import { m } from "../../i18n/messages";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";

interface Change {
  to: string;
  /** What a press on Undo goes back to. */
  from: string;
}

/** Changes how far a buyer is trusted, and offers to take it back. */
export function useStanding(payer: string) {
  const { mutateAsync, isPending, error, reset } = usePayerSet();
  const isShown = useShown();
  /** Answers whether it was done. A refusal that is not shown where it was asked is told in the corner. */
  const change = async ({ to, from }: Change, showsRefusal: boolean): Promise<boolean> => {
    let now: string;
    try {
      now = (await mutateAsync({ payer, standing: to })).standing;
    } catch (refusal) {
      if (!isShown.current || !showsRefusal) {
        notify({
          title: m.buyers_failed(),
          description: (refusal as ApiError).message,
          tone: "failed",
        });
      }
      return false;
    }
    notify({
      title: doneWord(now),
      tone: "settled",
      ...(from !== to && {
        action: { label: m.ui_undo(), run: () => void change({ to: from, from }, false) },
      }),
    });
    return true;
  };
  return { change, isPending, error, reset };
}

function doneWord(standing: string): string {
  switch (standing) {
    case "blocked":
      return m.buyers_done_blocked();
    case "trusted":
      return m.buyers_done_trusted();
    case "instant_only":
      return m.buyers_done_instant_only();
    default:
      return m.buyers_done_normal();
  }
}
