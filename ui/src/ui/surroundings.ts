import { createContext, type ReactNode, useContext } from "react";
import { writeClipboard } from "../lib/clipboard";

/** What the kit needs from the program around it; the shell provides it. */
export interface Surroundings {
  /** Puts text on the clipboard, also one that is still being fetched. */
  copy(text: string | Promise<string>): Promise<void>;
  /** Opens an address in the seller's browser. */
  openUrl(url: string): Promise<void>;
  /** Saves what the page made where the person says; answers where, or null when they chose nowhere. */
  save(name: string, content: Uint8Array): Promise<string | null>;
  /** Shows what was saved so in its folder. */
  showFile(path: string): Promise<void>;
  /** Whether amounts are covered, for somebody who looks over the shoulder. */
  amountsHidden: boolean;
  /** What stands in the title row of every page: search, and the eye that hides amounts. */
  tools: ReactNode;
}

const Context = createContext<Surroundings>({
  copy: writeClipboard,
  openUrl: async () => {},
  save: async () => null,
  showFile: async () => {},
  amountsHidden: false,
  tools: null,
});

export const SurroundingsProvider = Context.Provider;

export function useSurroundings(): Surroundings {
  return useContext(Context);
}
