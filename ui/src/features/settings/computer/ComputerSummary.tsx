import { Link } from "@tanstack/react-router";
import { m } from "../../../i18n/messages";
import { buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";

/** The way to how the program behaves here. */
export function ComputerSummary() {
  return (
    <Section anchor="computer" title={m.computer_title()} text={m.computer_text()}>
      <Row>
        <Link to="/settings/computer" className={buttonLook({ size: "sm" })}>
          {m.computer_open()}
        </Link>
      </Row>
    </Section>
  );
}
