import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import { networksQuery } from "../../../api/networks";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { shorten } from "../../../lib/address";
import { formatCount } from "../../../lib/money";
import { duration } from "../../../lib/time";
import type { Column } from "../../../ui/column";
import { DataTable, TablePlace } from "../../../ui/DataTable";
import { ErrorState } from "../../../ui/ErrorState";
import { SkeletonRows } from "../../../ui/Skeleton";
import { NetworkBadge } from "./NetworkBadge";
import { askedNode } from "./nodes";

const COLUMNS: readonly Column<NetworkItem>[] = [
  {
    name: "networks.title",
    header: m.networks_column_network,
    width: "minmax(9rem, 2fr)",
    cell: ({ title, network, chainId }) => (
      <span title={`${title} · ${network}`}>
        <span className="font-medium">{title}</span>{" "}
        <span className="text-caption text-text-2 tabular-nums">{chainId}</span>
      </span>
    ),
  },
  {
    name: "networks.state",
    header: m.networks_column_state,
    width: "7rem",
    cell: ({ state }) => <NetworkBadge state={state} />,
  },
  {
    name: "networks.token",
    header: m.networks_column_token,
    width: "minmax(4rem, 1fr)",
    cell: (item) => <Token item={item} />,
  },
  {
    name: "networks.pay-to",
    header: m.networks_column_pay_to,
    width: "minmax(7rem, 1fr)",
    cell: (item) => <PayTo item={item} />,
  },
  {
    name: "networks.nodes",
    header: m.networks_column_nodes,
    width: "5rem",
    align: "right",
    cell: (item) => <Nodes item={item} />,
  },
  {
    name: "networks.latency",
    header: m.networks_column_latency,
    width: "5rem",
    align: "right",
    cell: (item) => <Latency item={item} />,
  },
  {
    name: "networks.block",
    header: m.networks_column_block,
    width: "5.5rem",
    align: "right",
    cell: (item) => <BlockAge item={item} />,
  },
];

/** The list in all its states: those that were set up first. */
export function NetworksTable() {
  const { data, error, refetch, isFetching } = useQuery(networksQuery(usePlatform()));
  const { network: active = null } = useParams({ strict: false });
  const navigate = useNavigate();
  if (data === undefined) {
    return (
      <TablePlace>
        {error === null ? (
          <>
            <output className="sr-only">{m.ui_loading()}</output>
            <SkeletonRows />
          </>
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
        )}
      </TablePlace>
    );
  }
  return (
    <DataTable
      label={m.networks_title()}
      columns={COLUMNS}
      rows={data.items}
      rowId={({ network }) => network}
      total={data.items.length}
      active={active}
      onOpen={({ network }) => void navigate({ to: "/settings/networks/$network", params: { network } })}
    />
  );
}

function None() {
  return <span className="text-text-3">–</span>;
}

function Token({ item: { setUp } }: { item: NetworkItem }) {
  return setUp === null ? <None /> : (setUp.asset?.name ?? <None />);
}

function PayTo({ item: { setUp } }: { item: NetworkItem }) {
  if (setUp === null) {
    return <None />;
  }
  return setUp.payTo === null ? (
    <span className="text-failed">{m.networks_pay_to_none()}</span>
  ) : (
    <code title={setUp.payTo} className="font-mono text-caption">
      {shorten(setUp.payTo)}
    </code>
  );
}

/** How many of its nodes can be asked. */
function Nodes({ item: { setUp } }: { item: NetworkItem }) {
  if (setUp === null) {
    return <None />;
  }
  const able = setUp.nodes.filter(({ state }) => state === "in_use" || state === "standby");
  return m.networks_nodes_of({
    able: formatCount(able.length),
    count: formatCount(Math.max(setUp.nodes.length, setUp.rpcUrls.length)),
  });
}

function Latency({ item: { setUp } }: { item: NetworkItem }) {
  const latency = askedNode(setUp)?.latencyMs ?? null;
  return latency === null ? <None /> : m.networks_latency({ ms: formatCount(latency) });
}

function BlockAge({ item: { setUp } }: { item: NetworkItem }) {
  const age = askedNode(setUp)?.blockAgeSeconds ?? null;
  return age === null ? <None /> : duration(age * 1000);
}
