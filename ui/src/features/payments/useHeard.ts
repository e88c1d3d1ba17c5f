import { useCallback, useEffect, useRef } from "react";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { announce } from "../../ui/announce";

/** How often new payments are said at most; what comes in between is counted together. */
const PAUSE = 4000;

/** How many payments came in, in words. */
export function newPayments(count: number): string {
  return m.payments_new({ count, shown: formatCount(count) });
}

/** Says to those who hear the window how many payments came in, without talking all the time. */
export function useHeard(): (count: number) => void {
  const waiting = useRef(0);
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback((count: number) => {
    const say = () => {
      timer.current = undefined;
      if (waiting.current > 0) {
        announce(newPayments(waiting.current));
        waiting.current = 0;
        timer.current = window.setTimeout(say, PAUSE);
      }
    };
    waiting.current += count;
    if (timer.current === undefined) {
      say();
    }
  }, []);
}
