import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Platform } from "./platform";

/** The desktop program: one command, one event channel. */
export const tauri: Platform = {
  call: (name, body) => invoke("call", { name, body }),
  listen: (onStale) => listen("app-event", onStale),
};
