import { useInfiniteQuery } from "@tanstack/react-query";
import { DoorClosed, Footprints } from "lucide-react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { RequestView } from "../../api/generated/RequestView";
import { usePlatform } from "../../api/platform-context";
import { requestsOfQuery } from "../../api/visitors";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { answerOf } from "../../ui/answer";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { SkeletonRows } from "../../ui/Skeleton";
import { TimeAgo } from "../../ui/TimeAgo";

/** The newest requests for it, the latest first, and what each was answered. */
export function EndpointRequests({ endpoint: { id } }: { endpoint: EndpointView }) {
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(requestsOfQuery(usePlatform(), id));
  if (data === undefined) {
    return error === null ? (
      <SkeletonRows rows={6} />
    ) : (
      <ErrorState error={error} retrying={isFetching} onRetry={() => void refetch()} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return data.pages[0]?.open === false ? (
      <EmptyState
        icon={DoorClosed}
        title={m.endpoints_requests_closed()}
        text={m.endpoints_requests_closed_text()}
      />
    ) : (
      <EmptyState
        icon={Footprints}
        title={m.endpoints_requests_none()}
        text={m.endpoints_requests_none_text()}
      />
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <ul aria-label={m.endpoints_requests()} className="divide-y rounded-card border">
        {items.map((request, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: requests have no names of their own
          <Line key={`${request.at} ${place}`} request={request} />
        ))}
      </ul>
      {hasNextPage && (
        <Button
          size="sm"
          loading={isFetchingNextPage}
          className="self-center"
          onClick={() => void fetchNextPage()}
        >
          {m.endpoints_requests_more()}
        </Button>
      )}
      <p className="text-caption text-text-2">{m.endpoints_requests_text()}</p>
    </div>
  );
}

function Line({ request: { at, method, path, status, payer, own } }: { request: RequestView }) {
  const { word, tone } = answerOf(status);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <TimeAgo at={at} className="w-20 text-text-2" />
      <Badge tone={tone}>
        {status} · {word()}
      </Badge>
      <code title={path} className="min-w-0 flex-1 basis-32 truncate font-mono text-caption text-text-2">
        {method} {path}
      </code>
      {own ? (
        <Badge>{m.visitors_log_own()}</Badge>
      ) : (
        payer !== null && (
          <code title={payer} className="font-mono text-caption">
            {shorten(payer)}
          </code>
        )
      )}
    </li>
  );
}
