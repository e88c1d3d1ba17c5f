import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { type ReactNode, useCallback } from "react";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import { networksQuery } from "../../../api/networks";
import { usePlatform } from "../../../api/platform-context";
import { statusQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Drawer } from "../../../ui/Drawer";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorState } from "../../../ui/ErrorState";
import { Skeleton } from "../../../ui/Skeleton";
import { NetworkBadge } from "./NetworkBadge";
import { NetworkParts } from "./NetworkParts";
import { RemoveNetwork } from "./RemoveNetwork";
import { SetUpForm } from "./SetUpForm";

/** Stands in the address for a network that Stallkeeper does not know. */
const CUSTOM = "custom";

/** One network beside the list: how it is, what it was set up with, or the form that sets it up. */
export function NetworkSheet({ network }: { network: string }) {
  const navigate = useNavigate();
  const platform = usePlatform();
  const { data, error, refetch, isFetching } = useQuery(networksQuery(platform));
  const { data: status } = useQuery(statusQuery(platform));
  const close = useCallback(() => void navigate({ to: "/settings/networks" }), [navigate]);
  const go = (to: string) =>
    void navigate({ to: "/settings/networks/$network", params: { network: to }, replace: true });
  const items = data?.items ?? [];
  const place = items.findIndex((other) => other.network === network);
  const item = items[place];
  const move = (step: 1 | -1) => {
    const goal = items[place + step];
    if (goal !== undefined) {
      go(goal.network);
    }
  };
  if (network === CUSTOM) {
    return (
      <Drawer title={m.networks_custom_title()} subtitle={m.networks_custom_text()} onClose={close}>
        <SetUpForm onDone={go} />
      </Drawer>
    );
  }
  const isEditable = status !== undefined && status.environment !== "practice";
  return (
    <Drawer
      title={<Title item={item} network={network} />}
      subtitle={item !== undefined && <Subtitle item={item} />}
      onClose={close}
      onMove={item === undefined ? undefined : move}
      footer={
        isEditable && item !== undefined && item.setUp !== null ? (
          <RemoveNetwork item={item} onRemoved={close} />
        ) : undefined
      }
    >
      {item !== undefined ? (
        <Content key={network} item={item} isEditable={isEditable} onDone={go} />
      ) : data !== undefined ? (
        <EmptyState icon={SearchX} title={m.networks_missing_title()} text={m.networks_missing_text()} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <div className="flex flex-col gap-4">
          <output className="sr-only">{m.ui_loading()}</output>
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-24 w-full" />
          <Skeleton className="h-24 w-full" />
        </div>
      )}
    </Drawer>
  );
}

function Title({ item, network }: { item: NetworkItem | undefined; network: string }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <bdi>{item?.title ?? network}</bdi>
      {item !== undefined && <NetworkBadge state={item.state} />}
    </span>
  );
}

function Subtitle({ item: { chainId, coin, testnet } }: { item: NetworkItem }): ReactNode {
  const parts = [
    m.networks_chain({ id: String(chainId) }),
    ...(coin === null ? [] : [m.networks_gas_in({ coin })]),
    ...(testnet === null ? [] : [testnet ? m.networks_play_money() : m.networks_real_money()]),
  ];
  return parts.join(" · ");
}

interface ContentProps {
  item: NetworkItem;
  isEditable: boolean;
  onDone(network: string): void;
}

function Content({ item, isEditable, onDone }: ContentProps) {
  const { setUp } = item;
  return setUp === null ? (
    <SetUpForm item={item} onDone={onDone} />
  ) : (
    <NetworkParts item={item} setUp={setUp} isEditable={isEditable} />
  );
}
