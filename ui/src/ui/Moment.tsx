import { absoluteTime, relativeTime } from "../lib/time";
import { useNow } from "./now";

/** When something happened, to the second; and how long ago, as long as that is easier to grasp than a date. */
export function Moment({ at }: { at: number }) {
  const exact = absoluteTime(at);
  const ago = relativeTime(at, Math.max(useNow(), at));
  return (
    <time dateTime={new Date(at).toISOString()} title={absoluteTime(at, true)}>
      {exact}
      {!exact.startsWith(ago) && <span className="block text-caption text-text-2">{ago}</span>}
    </time>
  );
}
