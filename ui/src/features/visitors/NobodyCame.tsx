import { Link } from "@tanstack/react-router";
import { Footprints } from "lucide-react";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";

/** Nobody was shown a price in these days; whoever has a link can come. */
export function NobodyCame({ days }: { days: number }) {
  return (
    <EmptyState
      icon={Footprints}
      title={m.visitors_none({ count: days })}
      text={m.visitors_none_text()}
      action={
        <Link to="/endpoints" className={buttonLook()}>
          {m.visitors_none_action()}
        </Link>
      }
    />
  );
}
