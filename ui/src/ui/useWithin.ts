import { useEffect, useState } from "react";

/** Whether all of it has ended, or the time is over: what comes at once need not keep its place first. */
export function useWithin(milliseconds: number, begin: () => Promise<unknown>[]): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const end = () => setOver(true);
    const timer = setTimeout(end, milliseconds);
    void Promise.allSettled(begin()).then(end);
    return () => clearTimeout(timer);
  }, [milliseconds, begin]);
  return isOver;
}
