import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePlatform } from "../../../api/platform-context";
import { webhooksQuery } from "../../../api/webhooks";
import { m } from "../../../i18n/messages";
import { buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";
import { WebhookBadge } from "./WebhookBadge";

/** Who is told what happens, at a glance. */
export function WebhookSummary() {
  const { data } = useQuery(webhooksQuery(usePlatform()));
  return (
    <Section anchor="webhooks" title={m.webhooks_title()} text={m.webhooks_summary_text()}>
      {data?.items.map(({ id, url, state }) => (
        <Row
          key={id}
          title={<bdi className="break-all">{url}</bdi>}
          control={<WebhookBadge state={state} />}
        />
      ))}
      <Row text={data?.items.length === 0 && m.webhooks_nobody()}>
        <Link to="/settings/webhooks" className={buttonLook({ size: "sm" })}>
          {m.webhooks_open()}
        </Link>
      </Row>
    </Section>
  );
}
