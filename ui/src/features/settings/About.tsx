import { Link } from "@tanstack/react-router";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { Mark } from "../../ui/Mark";
import { Doctor } from "./Doctor";
import { CopyDiagnostics } from "./data/CopyDiagnostics";
import { Row, Section } from "./Section";

/** What this program is. */
export function About({ environment }: { environment: string | undefined }) {
  return (
    <Section anchor="about" title={m.settings_about()} text={m.settings_about_text()}>
      <Row>
        <div className="flex items-start gap-4">
          <Mark className="size-10 shrink-0" />
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1">
            <dt className="text-text-2">{m.settings_about_version()}</dt>
            <dd>Stallkeeper {__VERSION__}</dd>
            {environment !== undefined && (
              <>
                <dt className="text-text-2">{m.settings_about_environment()}</dt>
                <dd>{environmentWord(environment)}</dd>
              </>
            )}
            <dt className="text-text-2">{m.settings_about_licence()}</dt>
            <dd>Apache-2.0</dd>
          </dl>
        </div>
      </Row>
      <Row
        title={m.settings_licences()}
        text={m.settings_licences_about()}
        control={
          <Link to="/settings/licences" className={buttonLook({ size: "sm" })}>
            {m.settings_licences_open()}
          </Link>
        }
      />
      <Row
        title={m.data_diagnostics()}
        text={m.data_diagnostics_text()}
        control={<CopyDiagnostics size="sm" />}
      />
      <Doctor />
    </Section>
  );
}

function environmentWord(environment: string): string {
  switch (environment) {
    case "practice":
      return m.settings_about_practice();
    case "test":
      return m.settings_about_test();
    default:
      return m.settings_about_live();
  }
}
