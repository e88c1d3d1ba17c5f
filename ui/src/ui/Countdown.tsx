import { m } from "../i18n/messages";
import { duration } from "../lib/time";
import { useNow } from "./now";

const MINUTE = 60_000;

/** How close the end of an authorization must be to be counted down. */
const SOON = 15 * MINUTE;

interface Props {
  /** Unix milliseconds. */
  end: number;
  /** Counts down also when there is much time. */
  always?: boolean;
  /** Only the time, where the words before it say what for. */
  short?: boolean;
  /** Keeps the look of the words around it. */
  plain?: boolean;
}

/** How much time is left; nothing when there is plenty, or none. */
export function Countdown({ end, always = false, short = false, plain = false }: Props) {
  const left = end - useNow();
  if (left <= 0 || (!always && left >= SOON)) {
    return null;
  }
  const time = duration(Math.floor(left / MINUTE) * MINUTE);
  const words = left < MINUTE ? m.ui_left_least() : m.ui_left({ time });
  return (
    <span
      className={
        left < SOON && !plain ? "whitespace-nowrap text-caption text-warning tabular-nums" : undefined
      }
    >
      {short ? (
        <span title={words}>
          <span aria-hidden>{left < MINUTE ? m.ui_left_least_short() : time}</span>
          <span className="sr-only">{words}</span>
        </span>
      ) : (
        words
      )}
    </span>
  );
}
