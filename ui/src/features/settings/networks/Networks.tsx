import { Link } from "@tanstack/react-router";
import type { StatusView } from "../../../api/generated/StatusView";
import { m } from "../../../i18n/messages";
import { buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";
import { NetworkBadge } from "./NetworkBadge";

/** The chains that buyers pay on, at a glance. */
export function Networks({ status: { networks } }: { status: StatusView }) {
  return (
    <Section anchor="networks" title={m.settings_network()} text={m.settings_network_text()}>
      {networks.map(({ network, title, ready, waitingFor }) => (
        <Row
          key={network}
          title={
            <Link
              to="/settings/networks/$network"
              params={{ network }}
              className="rounded-control hover:underline"
            >
              {title}
            </Link>
          }
          text={waitingFor !== null && <span className="break-words text-failed">{waitingFor}</span>}
          control={<NetworkBadge state={ready ? "ready" : "waiting"} />}
        />
      ))}
      {networks.length === 0 && <Row text={m.settings_network_none()} />}
      <Row>
        <Link to="/settings/networks" className={buttonLook({ size: "sm" })}>
          {m.settings_network_open()}
        </Link>
      </Row>
    </Section>
  );
}
