import { m } from "../i18n/messages";
import { useSurroundings } from "./surroundings";
import { notify } from "./toast";

/** Saves what the page made as a file where the person says, and tells what became of it. */
export function useSave(): (name: string, content: () => string | Promise<Uint8Array>) => Promise<void> {
  const { save, showFile } = useSurroundings();
  const failed = (title: string) => (reason: { message?: string }) => {
    notify({ title, description: reason.message ?? String(reason), tone: "failed" });
  };
  const saveIt = async (name: string, content: () => string | Promise<Uint8Array>) => {
    const made = await content();
    const path = await save(name, typeof made === "string" ? new TextEncoder().encode(made) : made);
    if (path !== null) {
      notify({
        title: m.ui_saved(),
        description: path,
        tone: "settled",
        action: {
          label: m.ui_show_in_folder(),
          run: () => void showFile(path).catch(failed(m.ui_show_failed())),
        },
      });
    }
  };
  return (name, content) => saveIt(name, content).catch(failed(m.ui_save_failed()));
}
