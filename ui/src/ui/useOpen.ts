import { m } from "../i18n/messages";
import { messageOf } from "../lib/message";
import { useSurroundings } from "./surroundings";
import { notify } from "./toast";

/** Opens a link in the person's own browser, and says so when it cannot be opened. */
export function useOpen(): (url: string) => Promise<void> {
  const { openUrl } = useSurroundings();
  return async (url) => {
    try {
      await openUrl(url);
    } catch (reason) {
      notify({
        title: m.ui_open_failed(),
        description: messageOf(reason),
        tone: "failed",
      });
    }
  };
}
