import { CircleCheck, CircleDot, Clock, OctagonX } from "lucide-react";
import type { NodeState } from "../../../api/generated/NodeState";
import { m } from "../../../i18n/messages";
import { Badge } from "../../../ui/Badge";

/** How a node stands. */
export function NodeBadge({ state }: { state: NodeState }) {
  switch (state) {
    case "in_use":
      return (
        <Badge tone="settled" icon={CircleCheck}>
          {m.networks_node_in_use()}
        </Badge>
      );
    case "standby":
      return (
        <Badge tone="neutral" icon={CircleDot}>
          {m.networks_node_standby()}
        </Badge>
      );
    case "resting":
      return (
        <Badge tone="failed" icon={OctagonX}>
          {m.networks_node_resting()}
        </Badge>
      );
    case "behind":
      return (
        <Badge tone="warning" icon={Clock}>
          {m.networks_node_behind()}
        </Badge>
      );
  }
}
