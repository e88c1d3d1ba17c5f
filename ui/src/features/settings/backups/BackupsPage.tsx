import { backupsQuery } from "../../../api/backups";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { SettingsSheet } from "../SettingsSheet";
import { Making } from "./Making";
import { Planned } from "./Planned";
import { PuttingBack } from "./PuttingBack";

/** Backups: one now, the ones that are made by themselves, and putting one back. */
export function BackupsPage() {
  return (
    <SettingsSheet
      title={m.backups_title()}
      hash="backups"
      query={backupsQuery(usePlatform())}
      failed={m.backups_failed()}
    >
      {(data) => (
        <>
          <Making folder={data.folder} />
          <Planned state={data} />
          <PuttingBack state={data} />
        </>
      )}
    </SettingsSheet>
  );
}
