import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleHelp, FileWarning, Fuel, Gauge, OctagonX, Pause } from "lucide-react";
import type { ReactNode } from "react";
import type { GasWalletView } from "../../api/generated/GasWalletView";
import type { StatusView } from "../../api/generated/StatusView";
import { useHindrances } from "../../api/hindrances";
import { usePlatform } from "../../api/platform-context";
import { attentionQuery, statusQuery } from "../../api/queries";
import { reachQuery } from "../../api/reach";
import { m } from "../../i18n/messages";
import { shortCoin } from "../../lib/coin";
import { numberFormats } from "../../lib/formats";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Skeleton } from "../../ui/Skeleton";
import { useSurroundings } from "../../ui/surroundings";
import { TimeAgo } from "../../ui/TimeAgo";

/** Whether the stall sells, its node answers and its gas wallet holds enough. */
export function Health() {
  const platform = usePlatform();
  const { data: status, error } = useQuery(statusQuery(platform));
  const { data: attention } = useQuery(attentionQuery(platform));
  const { files: unsold } = useHindrances();
  const lowGas = attention && (attention.items.find(({ kind }) => kind === "gas")?.sentence ?? null);
  return (
    <Card title={m.home_health()}>
      {status === undefined ? (
        <div className="flex flex-col gap-4">
          <Skeleton className="w-full" />
          <Skeleton className="w-full" />
          <Skeleton className="w-full" />
        </div>
      ) : (
        <dl className="-my-2.5 divide-y">
          <Fact
            title={m.home_health_stall()}
            value={<StoreBadge status={status} isSilent={error !== null} unsold={unsold} />}
          >
            {error?.message ??
              (status.selling
                ? (status.offlineReason ??
                  (status.refusing !== null
                    ? m.ui_refusing()
                    : unsold > 0
                      ? m.ui_unsold({ count: unsold })
                      : null))
                : null)}
          </Fact>
          {status.openSince !== null && (
            <Fact title={m.home_health_open()} value={<TimeAgo at={status.openSince} />}>
              {status.p95Micros !== null && m.home_health_speed({ time: quickly(status.p95Micros) })}
            </Fact>
          )}
          <ReachFact />
          {status.networks.length === 0 && (
            <Fact title={m.home_health_node()} value={null}>
              {m.home_node_none()}{" "}
              <Link
                to="/settings/networks"
                className="font-medium text-accent-text underline underline-offset-2"
              >
                {m.home_node_set()}
              </Link>
            </Fact>
          )}
          {status.networks.map(({ network, title, ready, waitingFor }) => (
            <Fact
              key={network}
              title={`${m.home_health_node()} · ${title}`}
              value={
                ready ? (
                  <Badge tone="settled" icon={CircleCheck}>
                    {m.home_node_ok()}
                  </Badge>
                ) : (
                  <Badge tone="failed" icon={OctagonX}>
                    {m.home_node_waiting()}
                  </Badge>
                )
              }
            >
              {waitingFor === status.offlineReason && status.selling ? null : waitingFor}
            </Fact>
          ))}
          <Gas status={status} low={lowGas} />
        </dl>
      )}
    </Card>
  );
}

/** How buyers reach it, and whether it was found there. */
function ReachFact() {
  const { data } = useQuery(reachQuery(usePlatform()));
  if (data === undefined || data.way.kind === "this_computer") {
    return null;
  }
  const badge =
    data.state === "online" ? (
      <Badge tone="settled" icon={CircleCheck}>
        {m.home_reach_found()}
      </Badge>
    ) : data.state === "failing" || data.state === "unreached" ? (
      <Badge tone="failed" icon={OctagonX}>
        {m.home_reach_not()}
      </Badge>
    ) : (
      <Badge tone="neutral" icon={CircleHelp}>
        {m.home_reach_opening()}
      </Badge>
    );
  return (
    <Fact title={m.home_health_reach()} value={badge}>
      <Link to="/settings/reach" className="underline-offset-2 hover:underline">
        {m.home_reach_more()}
      </Link>
    </Fact>
  );
}

const MILLI = 1000;

const MILLIS = numberFormats({ style: "unit", unit: "millisecond", maximumFractionDigits: 0 });
const TENTHS = numberFormats({ style: "unit", unit: "millisecond", maximumFractionDigits: 1 });
const SECONDS = numberFormats({ style: "unit", unit: "second", maximumFractionDigits: 1 });

/** Microseconds as they are read: `4 ms`, `1.2 s`. */
function quickly(micros: number): string {
  const millis = micros / MILLI;
  if (millis >= MILLI) {
    return SECONDS().format(millis / MILLI);
  }
  const format = millis < 10 ? TENTHS : MILLIS;
  return format().format(millis);
}

interface StoreProps {
  status: StatusView;
  /** It does not answer now: how it stood before says nothing. */
  isSilent: boolean;
  /** How many files nobody can buy, because they are not what was published. */
  unsold: number;
}

function StoreBadge({ status: { selling, offlineReason, refusing, url }, isSilent, unsold }: StoreProps) {
  if (!selling && !isSilent) {
    return (
      <Badge tone="neutral" icon={Pause}>
        {m.home_paused()}
      </Badge>
    );
  }
  if (refusing !== null && offlineReason === null && !isSilent) {
    return (
      <Badge tone="warning" icon={Gauge}>
        {m.home_refusing()}
      </Badge>
    );
  }
  return isSilent || offlineReason !== null || url === null ? (
    <Badge tone="failed" icon={OctagonX}>
      {m.home_offline()}
    </Badge>
  ) : unsold > 0 ? (
    <Badge tone="warning" icon={FileWarning}>
      {m.home_selling()}
    </Badge>
  ) : (
    <Badge tone="settled" icon={CircleCheck}>
      {m.home_selling()}
    </Badge>
  );
}

interface GasProps {
  status: StatusView;
  /** Why it is too little, null when it is enough; undefined while that is not known. */
  low: string | null | undefined;
}

function Gas({ status: { gasWallet }, low }: GasProps) {
  const { amountsHidden } = useSurroundings();
  if (gasWallet === null) {
    return (
      <Fact title={m.home_health_gas()} value={null}>
        {m.home_gas_none()}{" "}
        <Link to="/settings/wallet" className="font-medium text-accent-text underline underline-offset-2">
          {m.home_gas_set()}
        </Link>
      </Fact>
    );
  }
  const { balanceFormatted: balance } = gasWallet;
  const badge =
    typeof low === "string" ? (
      <Badge tone="warning" icon={Fuel}>
        {m.home_gas_low()}
      </Badge>
    ) : balance === null || low === undefined ? (
      <Badge tone="neutral" icon={CircleHelp}>
        {m.home_gas_unknown()}
      </Badge>
    ) : (
      <Badge tone="settled" icon={CircleCheck}>
        {m.home_gas_enough()}
      </Badge>
    );
  return (
    <Fact title={m.home_health_gas()} value={badge}>
      {low ?? (!amountsHidden && <Held wallet={gasWallet} />)}
    </Fact>
  );
}

/** What the gas wallet holds, network by network where there are several. */
function Held({ wallet: { networks } }: { wallet: GasWalletView }) {
  return networks.map(({ network, title, balanceFormatted: balance, nativeSymbol: coin }) =>
    balance === null ? null : (
      <span key={network} className="block tabular-nums" title={`${balance} ${coin}`}>
        {shortCoin(balance, "down")} {coin}
        {networks.length > 1 && <span className="text-text-3"> · {title}</span>}
      </span>
    ),
  );
}

/** One line: what it is, how it stands as a word, and below it why. */
function Fact({ title, value, children }: { title: string; value: ReactNode; children: ReactNode }) {
  return (
    <div className="py-2.5">
      <dt className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="min-w-0 break-words">{title}</span>
        {value}
      </dt>
      <dd className="text-caption break-words text-text-2">{children}</dd>
    </div>
  );
}
