import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { AppEvent } from "../api/generated/AppEvent";
import type { Platform } from "./platform";

const call = (name: string, body: unknown): Promise<unknown> => invoke("call", { name, body });

/** The desktop program: one command, one event channel, and the files that are dropped on its window. */
export const tauri: Platform = {
  call,
  listen: (hear) => listen<AppEvent>("app-event", (event) => hear(event.payload)),
  dropped: (hear) =>
    getCurrentWebview().onDragDropEvent(({ payload }) => {
      switch (payload.type) {
        case "enter":
          return hear({ kind: "over", files: payload.paths });
        case "drop":
          return hear({ kind: "drop", files: payload.paths });
        case "leave":
          return hear({ kind: "leave", files: [] });
        case "over":
          // Told for every movement of the pointer; who hears `over` knows already.
          return;
      }
    }),
  openUrl: async (url) => {
    await call("shell_open_url", { url });
  },
  copy: (text) => navigator.clipboard.writeText(text),
  setTheme: async (theme) => {
    await call("shell_set_theme", { theme });
  },
  pickFile: async () => (await call("shell_pick_file", null)) as string | null,
  pickFolder: async () => (await call("shell_pick_folder", null)) as string | null,
  saveFile: async (name) => (await call("shell_save_file", { name })) as string | null,
  showFile: async (path) => {
    await call("shell_show_file", { path });
  },
};
