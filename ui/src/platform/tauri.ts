import { Channel, invoke } from "@tauri-apps/api/core";
import { listen, TauriEvent } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { AppEvent } from "../api/generated/AppEvent";
import { writeClipboard } from "../lib/clipboard";
import type { Computer, CrashReport, FoundUpdate, Wanted } from "./computer";
import type { Platform } from "./platform";

/** What is dragged over the window, or dropped on it. */
interface Dragged {
  paths: string[];
}

/** This page, among those that the window shows one after the other: it is answered as soon as it hears what goes stale. */
const page = crypto.randomUUID();

const call = (name: string, body: unknown): Promise<unknown> => invoke("call", { name, body, page });

/** The desktop program: one command, what it tells, which carries no news, and the files that are dropped on its window. */
export const tauri: Platform = {
  call,
  listen: async (hear) => {
    const told = new Channel<AppEvent>(hear);
    await call("shell_hear", { page, told });
    return () => {
      told.onmessage = () => undefined;
    };
  },
  dropped: async (hear) => {
    const view = getCurrentWebview();
    // How it ends is listened to first: whoever hears that something is dragged also hears what becomes of it.
    const ends = await Promise.all([
      view.listen<Dragged>(TauriEvent.DRAG_DROP, ({ payload }) =>
        hear({ kind: "drop", files: payload.paths }),
      ),
      view.listen(TauriEvent.DRAG_LEAVE, () => hear({ kind: "leave", files: [] })),
    ]);
    const begins = await view.listen<Dragged>(TauriEvent.DRAG_ENTER, ({ payload }) =>
      hear({ kind: "over", files: payload.paths }),
    );
    return () => {
      for (const stop of [begins, ...ends]) {
        stop();
      }
    };
  },
  openUrl: async (url) => {
    await call("shell_open_url", { url });
  },
  copy: writeClipboard,
  setTheme: async (theme) => {
    await call("shell_set_theme", { theme });
  },
  pickFile: async () => (await call("shell_pick_file", null)) as string | null,
  pickFolder: async () => (await call("shell_pick_folder", null)) as string | null,
  saveFile: async (name) => (await call("shell_save_file", { name })) as string | null,
  saveContent: async (name, content) =>
    (await call("shell_save_content", { name, bytes: [...content] })) as string | null,
  showFile: async (path) => {
    await call("shell_show_file", { path });
  },
  openData: async () => {
    await call("shell_open_data", null);
  },
  listenToProgram: (hear) => listen<null>("shell-event", () => hear()),
  wants: async () => (await call("shell_wants", null)) as Wanted,
  stay: async () => {
    await call("shell_stay", null);
  },
  quit: async () => {
    await call("shell_quit", null);
  },
  close: async () => {
    await call("shell_close", null);
  },
  askToQuit: async () => {
    await call("shell_ask_to_quit", null);
  },
  speak: async (words) => {
    await call("shell_speak", words);
  },
  computer: async () => (await call("shell_computer", null)) as Computer,
  setComputer: async (change) => (await call("shell_set_computer", change)) as Computer,
  crashes: async () => ((await call("shell_crashes", null)) as { items: CrashReport[] }).items,
  saveCrash: async (name, path) => {
    await call("shell_save_crash", { name, path });
  },
  deleteCrash: async (name) => {
    await call("shell_delete_crash", { name });
  },
  lookForUpdate: async () => (await call("shell_look_for_update", null)) as FoundUpdate | null,
  installUpdate: async () => {
    await call("shell_install_update", null);
  },
  switchTo: async (environment) => {
    await call("shell_switch", { environment });
  },
};
