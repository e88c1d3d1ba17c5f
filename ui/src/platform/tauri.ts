import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { AppEvent } from "../api/generated/AppEvent";
import type { Platform } from "./platform";

/** The desktop program: one command, one event channel. */
export const tauri: Platform = {
  call: (name, body) => invoke("call", { name, body }),
  listen: (hear) => listen<AppEvent>("app-event", (event) => hear(event.payload)),
};
