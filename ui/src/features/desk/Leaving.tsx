import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Power } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { usePlatform } from "../../api/platform-context";
import { quitPreviewQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Banner } from "../../ui/Banner";

interface Props {
  /** Nobody waits to quit any more. */
  onEnd(): void;
}

/**
 * Quits for whoever settles first, once that has ended: with money at stake even then, they are asked again. Where a
 * payment failed, the window stays and says so.
 */
export function Leaving({ onEnd }: Props) {
  const platform = usePlatform();
  const client = useQueryClient();
  const { settle: isSettling = false } = useSearch({ strict: false });
  const { data: status } = useQuery(statusQuery(platform));
  const [failedBefore] = useState(status?.money.attention.payments);
  // The dialog that settles is opened by the address, a moment later.
  const [wasOpen, setWasOpen] = useState(isSettling);
  if (isSettling && !wasOpen) {
    setWasOpen(true);
  }
  const isClosed = wasOpen && !isSettling;
  const { data: atStake, isFetching } = useQuery({ ...quitPreviewQuery(platform), enabled: isClosed });
  const isOver = isClosed && !isFetching && atStake?.inFlight === 0;

  const goOn = useEffectEvent(async () => {
    onEnd();
    const { money } = await client.fetchQuery({ ...statusQuery(platform), staleTime: 0 });
    if (failedBefore === undefined || money.attention.payments <= failedBefore) {
      await platform.askToQuit();
    }
  });
  useEffect(() => {
    if (isOver) {
      goOn().catch(() => undefined);
    }
  }, [isOver]);

  return isClosed && atStake !== undefined && atStake.inFlight > 0 ? (
    <Banner
      tone="neutral"
      icon={Power}
      action={
        <button type="button" className="font-medium underline underline-offset-2" onClick={onEnd}>
          {m.computer_quit_stay()}
        </button>
      }
    >
      {m.computer_quit_after()}
    </Banner>
  ) : null;
}
