import { useQuery } from "@tanstack/react-query";
import { usePlatform } from "../../api/platform-context";
import { previewQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { absoluteTime, duration } from "../../lib/time";
import { useNow } from "../../ui/now";
import { Skeleton } from "../../ui/Skeleton";
import { Figure } from "./Figure";

const MINUTE = 60_000;

/** When settling begins by itself, and why then. */
export function NextCard() {
  const { data: preview, error } = useQuery(previewQuery(usePlatform()));
  const now = useNow();
  if (error !== null) {
    return (
      <Figure label={m.settlements_next()} note={m.settlements_next_unknown_why()}>
        <p className="text-title">{m.settlements_next_unknown()}</p>
      </Figure>
    );
  }
  if (preview === undefined) {
    return (
      <Figure label={m.settlements_next()}>
        <Skeleton className="my-1 h-6 w-40" />
      </Figure>
    );
  }
  const { nextDeadline: at } = preview;
  if (at === null) {
    return (
      <Figure label={m.settlements_next()} note={m.settlements_next_none_why()}>
        <p className="text-title">{m.settlements_next_none()}</p>
      </Figure>
    );
  }
  const isHeld = preview.hindered.length > 0;
  return (
    <Figure
      label={m.settlements_next()}
      note={
        <>
          <time dateTime={new Date(at).toISOString()} className="block text-body text-text">
            {absoluteTime(at, true)}
          </time>
          {isHeld ? m.settlements_next_held_why() : m.settlements_next_why()}
        </>
      }
    >
      <p className="text-title tabular-nums">
        {isHeld && at <= now ? m.settlements_next_held() : countdown(at - now)}
      </p>
    </Figure>
  );
}

function countdown(left: number): string {
  if (left <= 0) {
    return m.settlements_next_now();
  }
  if (left < MINUTE) {
    return m.settlements_next_soon();
  }
  return m.settlements_next_in({ time: duration(Math.round(left / MINUTE) * MINUTE) });
}
