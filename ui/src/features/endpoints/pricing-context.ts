import { createContext, use } from "react";

/** How any page lets something be priced. */
export interface Pricing {
  /** Files that were offered and not priced, while no sheet shows them. */
  unfinished: readonly string[];
  /** Lets the person choose a file, and opens the sheet for it. */
  pick(): void;
  /** The same with a folder. */
  pickFolder(): void;
  /** Opens the sheet for a text that is written there. */
  write(): void;
  /** The same for a program whose answers are sold. */
  serve(): void;
  /** Goes on with what is unfinished. */
  resume(): void;
  /** Forgets what is unfinished. */
  discard(): void;
}

const Context = createContext<Pricing | null>(null);

export const PricingProvider = Context.Provider;

export function usePricing(): Pricing {
  const pricing = use(Context);
  if (pricing === null) {
    throw new Error("There is no PriceFiles above this component.");
  }
  return pricing;
}
