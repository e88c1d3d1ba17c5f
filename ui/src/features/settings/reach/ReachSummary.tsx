import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePlatform } from "../../../api/platform-context";
import { reachQuery } from "../../../api/reach";
import { m } from "../../../i18n/messages";
import { buttonLook } from "../../../ui/Button";
import { CopyButton } from "../../../ui/CopyButton";
import { ErrorState } from "../../../ui/ErrorState";
import { Skeleton } from "../../../ui/Skeleton";
import { Row, Section } from "../Section";
import { ReachBadge } from "./ReachBadge";

/** How buyers reach the stall, at a glance. */
export function ReachSummary() {
  const { data: reach, error, refetch, isFetching } = useQuery(reachQuery(usePlatform()));
  return (
    <Section anchor="reach" title={m.reach_title()} text={m.reach_summary_text()}>
      {reach !== undefined ? (
        <>
          <Row title={reach.way.title} text={reach.sentence} control={<ReachBadge state={reach.state} />}>
            {reach.url !== null && (
              <span className="mt-1 flex items-center gap-1">
                <code className="min-w-0 font-mono text-caption break-all">{reach.url}</code>
                <CopyButton text={reach.url} what={m.reach_address_what()} />
              </span>
            )}
          </Row>
          <Row>
            <Link to="/settings/reach" className={buttonLook({ size: "sm" })}>
              {m.reach_open()}
            </Link>
          </Row>
        </>
      ) : error !== null ? (
        <Row>
          <ErrorState
            title={m.reach_failed()}
            error={error}
            retrying={isFetching}
            onRetry={() => void refetch()}
          />
        </Row>
      ) : (
        <Row>
          <Skeleton className="h-14 w-full" />
        </Row>
      )}
    </Section>
  );
}
