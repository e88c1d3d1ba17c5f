import { Link } from "@tanstack/react-router";
import { m } from "../../../i18n/messages";
import { buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";

/** The way to what lies in the data folder. */
export function DataSummary() {
  return (
    <Section anchor="data" title={m.data_title()} text={m.data_summary_text()}>
      <Row>
        <Link to="/settings/data" className={buttonLook({ size: "sm" })}>
          {m.data_open_page()}
        </Link>
      </Row>
    </Section>
  );
}
