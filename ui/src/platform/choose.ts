import type { Platform } from "./platform";
import { tauri } from "./tauri";

/**
 * The program around this page. The window's own build knows only Tauri, and at once: both conditions are
 * fixed when it is built, so the stall in memory is left out of it altogether.
 */
export async function choosePlatform(): Promise<Platform> {
  const inBrowser = import.meta.env.DEV && !("__TAURI_INTERNALS__" in window);
  if (import.meta.env.MODE === "fake" || inBrowser) {
    const { inBrowserWindow } = await import("./fake/browser");
    return inBrowserWindow(window);
  }
  return tauri;
}
