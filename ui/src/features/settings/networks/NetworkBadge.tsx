import { CircleCheck, CircleDashed, OctagonX } from "lucide-react";
import type { NetworkState } from "../../../api/generated/NetworkState";
import { m } from "../../../i18n/messages";
import { Badge } from "../../../ui/Badge";

/** Whether a network can be sold on. */
export function NetworkBadge({ state }: { state: NetworkState }) {
  switch (state) {
    case "ready":
      return (
        <Badge tone="settled" icon={CircleCheck}>
          {m.networks_ready()}
        </Badge>
      );
    case "waiting":
      return (
        <Badge tone="failed" icon={OctagonX}>
          {m.networks_waiting()}
        </Badge>
      );
    case "not_set_up":
      return (
        <Badge tone="neutral" icon={CircleDashed}>
          {m.networks_not_set_up()}
        </Badge>
      );
  }
}
