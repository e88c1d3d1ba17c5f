import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { formatCount } from "../../lib/money";
import { buttonLook } from "../../ui/Button";
import { Row, Section } from "./Section";

/** When payments are settled, and how long one can wait. */
export function Settling() {
  const { data } = useQuery(endpointsQuery(usePlatform()));
  const windows = (data?.items ?? []).map(({ windowSeconds }) => windowSeconds);
  return (
    <Section title={m.settings_schedule()} text={m.settings_schedule_text()}>
      <Row>
        <p>
          {m.settings_schedule_truth()}
          {windows.length > 0 && (
            <>
              {" "}
              {m.settings_schedule_window({ hours: formatCount(Math.floor(Math.min(...windows) / 3600)) })}
            </>
          )}
        </p>
        <Link to="/settlements" className={`mt-3 ${buttonLook({ size: "sm" })}`}>
          {m.settings_schedule_open()}
        </Link>
      </Row>
    </Section>
  );
}
