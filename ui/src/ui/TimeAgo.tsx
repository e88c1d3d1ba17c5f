import { absoluteTime, relativeTime } from "../lib/time";
import { useNow } from "./now";

interface Props {
  /** Unix milliseconds. */
  at: number;
  /** Writes date and time instead of how long ago. */
  absolute?: boolean;
  className?: string;
}

/** When something happened or will: how long ago, with date, time and zone on hover. */
export function TimeAgo({ at, absolute = false, className }: Props) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={absoluteTime(at, true)} className={className}>
      {absolute ? absoluteTime(at) : relativeTime(at, Math.max(now, Math.min(at, Date.now())))}
    </time>
  );
}
