import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { checklistQuery } from "../../../api/payouts";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { Badge } from "../../../ui/Badge";
import { buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";

/** How far the stall is from real money. */
export function LiveSummary() {
  const { data } = useQuery(checklistQuery(usePlatform()));
  const done = data?.items.filter((item) => item.done).length ?? 0;
  return (
    <Section anchor="live" title={m.live_title()} text={m.live_summary_text()}>
      <Row
        title={m.live_summary()}
        text={m.live_summary_row()}
        control={
          <span className="flex flex-wrap items-center gap-3">
            {data !== undefined && (
              <Badge tone={data.ready ? "settled" : "neutral"}>
                {m.live_progress({ done, count: data.items.length })}
              </Badge>
            )}
            <Link to="/live" className={buttonLook({ size: "sm" })}>
              {m.live_summary_open()}
            </Link>
          </span>
        }
      />
    </Section>
  );
}
