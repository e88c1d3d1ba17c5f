import { m } from "../../../i18n/messages";
import { Row, Section } from "../Section";
import { Environments } from "./Environments";

/** Practice, test or real money. */
export function EnvironmentSection() {
  return (
    <Section anchor="environment" title={m.settings_environment()} text={m.welcome_environment_text()}>
      <Row>
        <Environments />
      </Row>
    </Section>
  );
}
