import { createContext, type ReactNode, useContext } from "react";

/** What the kit needs from the program around it; the shell provides it. */
export interface Surroundings {
  /** Puts text on the clipboard. */
  copy(text: string): Promise<void>;
  /** Opens an address in the seller's browser. */
  openUrl(url: string): Promise<void>;
  /** Whether amounts are covered, for somebody who looks over the shoulder. */
  amountsHidden: boolean;
  /** What stands in the title row of every page: search, and the eye that hides amounts. */
  tools: ReactNode;
}

const Context = createContext<Surroundings>({
  copy: (text) => navigator.clipboard.writeText(text),
  openUrl: async () => {},
  amountsHidden: false,
  tools: null,
});

export const SurroundingsProvider = Context.Provider;

export function useSurroundings(): Surroundings {
  return useContext(Context);
}
