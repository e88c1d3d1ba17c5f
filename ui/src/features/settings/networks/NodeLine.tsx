import { ArrowUpToLine, Trash2 } from "lucide-react";
import { useState } from "react";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import type { NodeView } from "../../../api/generated/NodeView";
import { useNetworkSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";
import { duration } from "../../../lib/time";
import { AlertDialog } from "../../../ui/AlertDialog";
import { Button } from "../../../ui/Button";
import { IconButton } from "../../../ui/IconButton";
import { Refusal } from "../../../ui/Refusal";
import { TimeAgo } from "../../../ui/TimeAgo";
import { notify } from "../../../ui/toast";
import { NodeBadge } from "./NodeBadge";
import { withFirst, without } from "./nodes";

interface Props {
  item: NetworkItem;
  /** What may be shown of its URL. */
  url: string;
  place: number;
  count: number;
  /** How it is; undefined while nobody has looked. */
  node: NodeView | undefined;
  isEditable: boolean;
}

/** One node: how it is, and what can be done with it. */
export function NodeLine({ item, url, place, count, node, isEditable }: Props) {
  const { mutate, isPending } = useNetworkSet();
  const [isRemoving, setRemoving] = useState(false);
  const makeFirst = () =>
    mutate(
      { network: item.network, keep: withFirst(count, place) },
      {
        onSuccess: () => notify({ title: m.networks_node_is_first({ host: url }) }),
        onError: ({ message }) =>
          notify({ title: m.settings_not_saved(), description: message, tone: "failed" }),
      },
    );
  return (
    <li className="px-3 py-2.5">
      <div className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1">
        <code className="min-w-0 flex-1 basis-40 font-mono text-caption break-all">{url}</code>
        {node !== undefined && <NodeBadge state={node.state} />}
        {isEditable && (
          <span className="flex">
            {place > 0 && (
              <IconButton
                icon={ArrowUpToLine}
                size="sm"
                label={m.networks_node_first({ host: url })}
                aria-disabled={isPending || undefined}
                onClick={() => isPending || makeFirst()}
              />
            )}
            {count > 1 && (
              <IconButton
                icon={Trash2}
                size="sm"
                label={m.networks_node_remove({ host: url })}
                onClick={() => setRemoving(true)}
              />
            )}
          </span>
        )}
      </div>
      {node !== undefined && <Health node={node} />}
      {isEditable && (
        <RemoveNode
          item={item}
          url={url}
          keep={without(count, place)}
          open={isRemoving}
          onOpenChange={setRemoving}
        />
      )}
    </li>
  );
}

function Health({ node }: { node: NodeView }) {
  const { latencyMs, block, blockAgeSeconds, lastError, lastErrorAt, callsPerSecond } = node;
  return (
    <>
      <dl className="mt-1 flex flex-wrap gap-x-5 gap-y-0.5 text-caption">
        <Fact name={m.networks_node_latency()}>
          {latencyMs === null ? "–" : m.networks_latency({ ms: formatCount(latencyMs) })}
        </Fact>
        <Fact name={m.networks_node_block()}>{block === null ? "–" : formatCount(block)}</Fact>
        <Fact name={m.networks_node_age()}>
          {blockAgeSeconds === null ? "–" : duration(blockAgeSeconds * 1000)}
        </Fact>
        {callsPerSecond !== null && (
          <Fact name={m.networks_node_calls()}>
            {m.networks_per_second({ count: formatCount(callsPerSecond) })}
          </Fact>
        )}
      </dl>
      {lastError !== null && (
        <p className="mt-1 text-caption break-words text-text-2">
          {m.networks_node_error()}{" "}
          {lastErrorAt !== null && (
            <>
              (<TimeAgo at={lastErrorAt} />){" "}
            </>
          )}
          {lastError}
        </p>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-text-2">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </div>
  );
}

interface RemoveProps {
  item: NetworkItem;
  url: string;
  /** The places of those that stay. */
  keep: number[];
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Asks before a node goes: its URL may hold a key that nobody can read here again. */
function RemoveNode({ item, url, keep, open, onOpenChange }: RemoveProps) {
  const { mutate, isPending, error, reset } = useNetworkSet();
  const change = (isOpen: boolean) => {
    reset();
    onOpenChange(isOpen);
  };
  const remove = () =>
    mutate(
      { network: item.network, keep },
      {
        onSuccess: () => {
          change(false);
          notify({ title: m.networks_node_removed({ host: url }) });
        },
      },
    );
  return (
    <AlertDialog
      open={open}
      onOpenChange={change}
      title={m.networks_node_remove_title()}
      description={m.networks_node_remove_text({ host: url, network: item.title })}
      confirm={
        <Button variant="danger" loading={isPending} onClick={remove}>
          {m.networks_node_remove_confirm()}
        </Button>
      }
    >
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
    </AlertDialog>
  );
}
