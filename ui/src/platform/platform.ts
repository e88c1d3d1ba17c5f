import type { AppEvent } from "../api/generated/AppEvent";
import type { Desk } from "./computer";

/** Files that are dragged over the window: they came in, were let go, or went away again. */
export interface FileDrop {
  kind: "over" | "drop" | "leave";
  /** Where they are on this computer; empty when they left. */
  files: readonly string[];
}

/** How the window looks: as the system does, or always one way. */
export type Theme = "system" | "light" | "dark";

/** What the front end asks of the program around it. Everything it can do goes through here. */
export interface Platform extends Desk {
  /**
   * Runs one command of the app. Rejects with `{ code, message }`. The program answers once this page hears (`listen`), so that no answer is
   * older than what is told, or after two seconds.
   */
  call(name: string, body: unknown): Promise<unknown>;
  /** Hears what went stale; returns how to stop hearing it. */
  listen(hear: (event: AppEvent) => void): Promise<() => void>;
  /** Hears of files that are dragged over the window; returns how to stop hearing it. */
  dropped(hear: (drop: FileDrop) => void): Promise<() => void>;
  /** Opens a link in the person's own browser. Rejects with `{ code, message }` for a link that may not be opened. */
  openUrl(url: string): Promise<void>;
  /** Puts a text on the clipboard. One that is still being fetched is given as it is: a press allows no copying after it was answered. */
  copy(text: string | Promise<string>): Promise<void>;
  /** Gives the window's frame the theme of its page. */
  setTheme(theme: Theme): Promise<void>;
  /** Lets the person choose a file; null when they chose none. */
  pickFile(): Promise<string | null>;
  /** The same for a folder. */
  pickFolder(): Promise<string | null>;
  /** Lets the person say where a new file goes, which is called so unless they say otherwise; null when they did not. */
  saveFile(name: string): Promise<string | null>;
  /**
   * Saves a picture or a table that the page made where the person says; they are asked by the program, which writes it. Answers where, or null
   * when they chose nowhere.
   */
  saveContent(name: string, content: Uint8Array): Promise<string | null>;
  /** Shows a file that was saved so in its folder. Rejects with `{ code, message }` where that cannot be done. */
  showFile(path: string): Promise<void>;
  /** Opens the folder that holds everything. Rejects with `{ code, message }` where that cannot be done. */
  openData(): Promise<void>;
}
