import { useStallSet } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { notify } from "../../ui/toast";

/** Turns the store on or off, and says what that means. */
export function useStoreSwitch(): { busy: boolean; turn(selling: boolean): void } {
  const { mutate, isPending } = useStallSet();
  return {
    busy: isPending,
    turn: (selling) =>
      mutate(
        { selling },
        {
          onSuccess: () =>
            notify({
              title: selling ? m.shell_store_on() : m.shell_store_off(),
              tone: selling ? "settled" : "neutral",
            }),
          onError: ({ message }) =>
            notify({ title: m.shell_store_failed(), description: message, tone: "failed" }),
        },
      ),
  };
}
