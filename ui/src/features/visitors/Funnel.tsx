import { useQuery } from "@tanstack/react-query";
import { Footprints } from "lucide-react";
import { useState } from "react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery } from "../../api/queries";
import { funnelQuery } from "../../api/visitors";
import { m } from "../../i18n/messages";
import { Answered } from "../../ui/Answered";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { EmptyState } from "../../ui/EmptyState";
import { Select } from "../../ui/Select";
import { FunnelTable } from "./FunnelTable";
import { NobodyCame } from "./NobodyCame";
import { Steps } from "./Steps";
import { RANGES, useVisitorSearch } from "./search";

/** Stands for all endpoints. */
const ALL = "";

const BY = ["endpoint", "day"];

/** How far visits came: in all, by endpoint and by day. */
export function Funnel() {
  const platform = usePlatform();
  const { days, endpoint, choose } = useVisitorSearch();
  const [by, setBy] = useState("endpoint");
  const funnel = useQuery(funnelQuery(platform, { days, ...(endpoint !== undefined && { endpoint }) }));
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const offered = endpoints?.items.map(({ id, title }) => ({ value: id, label: title })) ?? [];
  const named = funnel.data?.items.find(({ endpointId }) => endpointId === endpoint);
  // What is no longer for sale can still be looked at.
  const isGone = endpoint !== undefined && !offered.some(({ value }) => value === endpoint);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Select
          label={m.visitors_endpoint()}
          items={[
            { value: ALL, label: m.visitors_endpoint_all() },
            ...offered,
            ...(isGone ? [{ value: endpoint, label: named?.title ?? m.visitors_endpoint_gone() }] : []),
          ]}
          value={endpoint ?? ALL}
          onValueChange={(value) => choose({ endpoint: value === ALL ? undefined : value })}
          className="min-h-7 w-60"
        />
        <Choice
          label={m.visitors_days()}
          items={RANGES.map((count) => ({ value: String(count), label: m.visitors_days_count({ count }) }))}
          value={String(days)}
          onValueChange={(value) => {
            const chosen = RANGES.find((count) => String(count) === value);
            if (chosen !== undefined) {
              choose({ days: chosen });
            }
          }}
        />
      </div>
      <Answered query={funnel} failed={m.visitors_failed()} rows={6}>
        {(data) =>
          [data.shown, data.signed, data.delivered, data.settled].every((count) => count === 0) ? (
            endpoint === undefined ? (
              <NobodyCame days={days} />
            ) : (
              <EmptyState
                icon={Footprints}
                title={m.visitors_none_here()}
                text={m.visitors_none_here_text()}
                action={
                  <Button onClick={() => choose({ endpoint: undefined })}>
                    {m.visitors_none_here_action()}
                  </Button>
                }
              />
            )
          ) : (
            <>
              <Steps steps={data} />
              {endpoint === undefined && (
                <Choice
                  label={m.visitors_by()}
                  items={BY.map((value) => ({
                    value,
                    label: value === "day" ? m.visitors_by_day() : m.visitors_by_endpoint(),
                  }))}
                  value={by}
                  onValueChange={setBy}
                  className="self-start"
                />
              )}
              <FunnelTable funnel={data} byDay={endpoint !== undefined || by === "day"} />
              <p className="text-caption text-text-2">{m.visitors_how_counted({ zone: data.zone })}</p>
            </>
          )
        }
      </Answered>
    </div>
  );
}
