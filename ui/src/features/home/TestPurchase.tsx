import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { StatusView } from "../../api/generated/StatusView";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";

interface Props {
  size?: "md" | "sm";
  onPress(): void;
}

/** Begins a purchase by the practice buyer, or says why there can be none. */
export function TestPurchase({ size = "md", onPress }: Props) {
  const platform = usePlatform();
  const { data: status } = useQuery(statusQuery(platform));
  const { data: endpoints, error } = useQuery(endpointsQuery(platform));
  return (
    <Button
      variant="primary"
      size={size}
      icon={FlaskConical}
      disabled={status === undefined || endpoints === undefined}
      reason={
        status && endpoints
          ? hindrance(status, endpoints.items)
          : error === null
            ? null
            : m.home_buy_unknown()
      }
      onClick={onPress}
    >
      {m.home_buy()}
    </Button>
  );
}

/** What the practice buyer can buy: no file that is not what was published. */
export function forSale(endpoints: readonly EndpointView[]): EndpointView[] {
  return endpoints.filter(
    ({ state, fileState }) => state === "live" && fileState !== "changed" && fileState !== "missing",
  );
}

/** Why nothing can be bought now. */
function hindrance(status: StatusView, endpoints: readonly EndpointView[]): string | null {
  if (endpoints.length === 0) {
    return m.home_buy_nothing();
  }
  if (forSale(endpoints).length === 0) {
    return endpoints.some(({ state }) => state === "live")
      ? m.home_buy_none_as_published()
      : m.home_buy_none_live();
  }
  if (!status.selling) {
    return m.home_buy_paused();
  }
  return status.offlineReason === null ? null : m.home_buy_offline();
}
