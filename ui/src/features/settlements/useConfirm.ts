import { useRef, useState } from "react";
import type { ApiError } from "../../api/error";
import type { PreviewView } from "../../api/generated/PreviewView";
import type { SettleView } from "../../api/generated/SettleView";
import { useSettle } from "../../api/queries";
import { m } from "../../i18n/messages";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";

interface Confirm {
  /** What was agreed to, from the press until it is known what came of it; null before and after. */
  agreed: PreviewView | null;
  /** Why nothing was begun at the last press. */
  error: ApiError | null;
  hindered: readonly string[];
  /** What was begun, where something was not settled at once; null before. */
  begun: SettleView | null;
  press(preview: PreviewView): void;
}

/** Settles at one press. Whatever comes of it is told, also when the dialog was closed before the answer. */
export function useConfirm(onBegun: (batches: number[]) => void, onClose: () => void): Confirm {
  const { mutateAsync, error } = useSettle();
  const [agreed, setAgreed] = useState<PreviewView | null>(null);
  const [hindered, setHindered] = useState<readonly string[]>([]);
  const [begun, setBegun] = useState<SettleView | null>(null);
  const isPressed = useRef(false);
  const isShown = useShown();

  const release = () => {
    isPressed.current = false;
    setAgreed(null);
  };

  const answered = (answer: SettleView) => {
    const [why] = answer.hindered;
    const [left] = answer.unsettled;
    if (left !== undefined && isShown.current) {
      setBegun(answer);
      return;
    }
    if (answer.items.length > 0) {
      if (left !== undefined) {
        notify({ title: m.settlements_left_title(), description: left.sentence, tone: "failed" });
      }
      if (why !== undefined) {
        notify({
          title: m.settlements_toast_begun(),
          description: m.settlements_toast_begun_text({ reason: why }),
        });
      }
      if (isShown.current) {
        onBegun(answer.items.map(({ id }) => id));
      }
      return;
    }
    release();
    setHindered(answer.hindered);
    if (why === undefined) {
      notify({ title: m.settlements_toast_none_left() });
      if (isShown.current) {
        onClose();
      }
    } else if (!isShown.current) {
      notify({ title: m.settlements_dialog_failed(), description: why, tone: "failed" });
    }
  };
  const refused = ({ message }: ApiError) => {
    release();
    if (!isShown.current) {
      notify({ title: m.settlements_dialog_failed(), description: message, tone: "failed" });
    }
  };
  return {
    agreed,
    error,
    hindered,
    begun,
    press: (preview) => {
      if (!isPressed.current) {
        isPressed.current = true;
        setAgreed(preview);
        setHindered([]);
        mutateAsync().then(answered, refused);
      }
    },
  };
}
