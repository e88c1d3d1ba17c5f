import { createContext, use } from "react";

const Context = createContext(true);

export const AttendedProvider = Context.Provider;

/** Whether somebody is at something, with the pointer or the keyboard: in a row, its buttons are there only then. */
export const useAttended = () => use(Context);
