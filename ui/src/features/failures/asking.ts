import { createContext, use } from "react";
import type { FailureAction } from "../../api/generated/FailureAction";
import type { FailureView } from "../../api/generated/FailureView";

/** What is to be done about which payments: all of them are asked about together. */
export interface Asked {
  action: FailureAction;
  failures: readonly FailureView[];
}

const Context = createContext<(asked: Asked) => void>(() => {});

export const AskProvider = Context.Provider;

/** Begins to do something about payments, after asking where it has to be asked. */
export const useAsk = () => use(Context);
