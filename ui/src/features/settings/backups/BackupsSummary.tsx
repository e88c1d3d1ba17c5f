import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { backupsQuery } from "../../../api/backups";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";
import { plan } from "./words";

/** How backups are made, at a glance. */
export function BackupsSummary() {
  const { data } = useQuery(backupsQuery(usePlatform()));
  return (
    <Section anchor="backups" title={m.backups_title()} text={m.backups_summary_text()}>
      <Row text={data && plan(data)}>
        <Link to="/settings/backups" className={buttonLook({ size: "sm" })}>
          {m.backups_open()}
        </Link>
      </Row>
    </Section>
  );
}
