import { Link } from "@tanstack/react-router";
import { m } from "../../../i18n/messages";
import { buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";

/** The way to what the seller is told of. */
export function NotificationsSummary() {
  return (
    <Section anchor="notifications" title={m.notify_title()} text={m.notify_summary_text()}>
      <Row>
        <Link to="/settings/notifications" className={buttonLook({ size: "sm" })}>
          {m.notify_open()}
        </Link>
      </Row>
    </Section>
  );
}
