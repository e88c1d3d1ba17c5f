import { Link } from "@tanstack/react-router";
import { Unplug } from "lucide-react";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { Group } from "./Group";

/** That there is no network yet on which anybody could pay. */
export function NoNetworkGroup() {
  return (
    <Group
      icon={Unplug}
      tone="failed"
      title={m.home_node_none()}
      advice={<p>{m.networks_text()}</p>}
      actions={
        <Link to="/settings/networks" className={buttonLook({ size: "sm" })}>
          {m.home_node_set()}
        </Link>
      }
    />
  );
}
