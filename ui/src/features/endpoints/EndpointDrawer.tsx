import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { endpointQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Drawer } from "../../ui/Drawer";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton } from "../../ui/Skeleton";
import { Tabs } from "../../ui/Tabs";
import { EndpointButtons } from "./EndpointButtons";
import { EndpointContent } from "./EndpointContent";
import { EndpointOverview } from "./EndpointOverview";
import { EndpointPrices } from "./EndpointPrices";
import { EndpointRequests } from "./EndpointRequests";
import { EndpointState, StateNotice } from "./EndpointState";
import { PriceHistory } from "./PriceHistory";
import { Share } from "./Share";
import { useShelf } from "./useShelf";

/** One endpoint beside the list. */
export function EndpointDrawer({ endpoint: id }: { endpoint: string }) {
  const navigate = useNavigate();
  const { all, found, isPending } = useShelf();
  const listed = all?.find((endpoint) => endpoint.id === id);
  // What the list does not hold was removed: it is still known by its id.
  const single = useQuery({
    ...endpointQuery(usePlatform(), id),
    enabled: listed === undefined && !isPending,
  });
  const endpoint = listed ?? single.data;
  const close = () => navigate({ to: "/endpoints", search: (before) => before });
  const place = found?.findIndex((other) => other.id === id) ?? -1;
  const move = (step: 1 | -1) => {
    const goal = found?.[place + step];
    if (goal !== undefined) {
      void navigate({
        to: "/endpoints/$endpoint",
        params: { endpoint: goal.id },
        search: (before) => before,
        replace: true,
      });
    }
  };
  return (
    <Drawer
      title={endpoint === undefined ? m.endpoints_title() : <bdi>{endpoint.title}</bdi>}
      subtitle={endpoint !== undefined && <Subtitle endpoint={endpoint} />}
      onClose={() => void close()}
      onMove={place < 0 ? undefined : move}
      footer={
        endpoint !== undefined && <EndpointButtons endpoint={endpoint} onRemoved={() => void close()} />
      }
    >
      {endpoint !== undefined && <Content endpoint={endpoint} />}
      {endpoint === undefined && single.error !== null && (
        <ErrorState error={single.error} onRetry={() => void single.refetch()} retrying={single.isFetching} />
      )}
      {endpoint === undefined && single.error === null && (
        <div className="flex flex-col gap-4">
          <output className="sr-only">{m.ui_loading()}</output>
          <Skeleton className="h-9" />
          <Skeleton className="h-24" />
          <Skeleton className="h-40" />
        </div>
      )}
    </Drawer>
  );
}

function Subtitle({ endpoint }: { endpoint: EndpointView }) {
  return (
    <span className="mt-1 flex min-w-0 items-center gap-2">
      <EndpointState endpoint={endpoint} />
      <span className="truncate" title={endpoint.path}>
        {endpoint.path}
      </span>
    </span>
  );
}

function Content({ endpoint }: { endpoint: EndpointView }) {
  const [tab, setTab] = useState("overview");
  return (
    <div className="flex flex-col gap-4">
      <StateNotice endpoint={endpoint} />
      <Tabs
        label={m.endpoints_tabs()}
        value={tab}
        onValueChange={setTab}
        tabs={[
          {
            value: "overview",
            label: m.endpoints_overview(),
            panel: <EndpointOverview endpoint={endpoint} />,
          },
          { value: "share", label: m.endpoints_share(), panel: <Share endpoint={endpoint} /> },
          { value: "prices", label: m.endpoints_prices(), panel: <EndpointPrices endpoint={endpoint} /> },
          {
            value: "history",
            label: m.endpoints_history(),
            panel: <PriceHistory endpoint={endpoint} />,
          },
          { value: "content", label: m.endpoints_content(), panel: <EndpointContent endpoint={endpoint} /> },
          {
            value: "requests",
            label: m.endpoints_requests(),
            panel: <EndpointRequests endpoint={endpoint} />,
          },
        ]}
      />
    </div>
  );
}
