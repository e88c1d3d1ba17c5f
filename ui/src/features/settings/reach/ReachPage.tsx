import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { WayView } from "../../../api/generated/WayView";
import { usePlatform } from "../../../api/platform-context";
import { reachQuery } from "../../../api/reach";
import { m } from "../../../i18n/messages";
import { BackLink } from "../../../ui/BackLink";
import { ErrorState } from "../../../ui/ErrorState";
import { Page } from "../../../ui/Page";
import { Skeleton } from "../../../ui/Skeleton";
import { Section } from "../Section";
import { ChooseWay } from "./ChooseWay";
import { Now } from "./Now";
import { ReachBadge } from "./ReachBadge";
import { Way } from "./Way";

/** How buyers reach the stall: the chosen way and what was found at its end, and all ways there are. */
export function ReachPage() {
  const { data: reach, error, refetch, isFetching } = useQuery(reachQuery(usePlatform()));
  const [wanted, setWanted] = useState<WayView | null>(null);
  return (
    <Page title={m.reach_title()} beside={reach && <ReachBadge state={reach.state} />}>
      <div className="mx-auto flex w-full max-w-[64rem] flex-col gap-8">
        <BackLink to="/settings" hash="reach">
          {m.settings_title()}
        </BackLink>
        {reach !== undefined ? (
          <>
            <Now reach={reach} onChange={() => setWanted(reach.way)} />
            <Section title={m.reach_ways()} text={m.reach_ways_text()}>
              {reach.ways.map((way) => (
                <Way
                  key={way.kind}
                  way={way}
                  isChosen={way.kind === reach.way.kind}
                  onChoose={() => setWanted(way)}
                />
              ))}
            </Section>
            <ChooseWay reach={reach} way={wanted} onClose={() => setWanted(null)} />
          </>
        ) : error !== null ? (
          <ErrorState
            title={m.reach_failed()}
            error={error}
            retrying={isFetching}
            onRetry={() => void refetch()}
          />
        ) : (
          <>
            <output className="sr-only">{m.ui_loading()}</output>
            <Skeleton className="h-40 w-full" />
            <Skeleton className="h-80 w-full" />
          </>
        )}
      </div>
    </Page>
  );
}
