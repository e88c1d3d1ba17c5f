import { createContext, use } from "react";

const Context = createContext(true);

export const ReachedProvider = Context.Provider;

/** Whether something is under the pointer or has the focus in it: in a row, its buttons are there only then. */
export const useReached = () => use(Context);
