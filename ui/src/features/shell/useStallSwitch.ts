import type { ApiError } from "../../api/error";
import { useStallSet } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { notify } from "../../ui/toast";

/** Turns the stall on or off, and says what that means. */
export function useStallSwitch(): { busy: boolean; turn(selling: boolean): void } {
  const { mutateAsync, isPending } = useStallSet();
  return {
    busy: isPending,
    turn: (selling) => {
      const done = () =>
        notify({
          title: selling ? m.shell_stall_on() : m.shell_stall_off(),
          tone: selling ? "settled" : "neutral",
        });
      const failed = ({ message }: ApiError) =>
        notify({ title: m.shell_stall_failed(), description: message, tone: "failed" });
      // Whoever pressed may be gone when the answer comes, as the palette is: it is told all the same.
      mutateAsync({ selling }).then(done, failed);
    },
  };
}
