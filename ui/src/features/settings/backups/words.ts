import type { BackupState } from "../../../api/generated/BackupState";
import { m } from "../../../i18n/messages";

/** When backups are made by themselves, and where to. */
export function plan({ every, folder }: BackupState): string {
  if (every === null || folder === null) {
    return m.backups_plan_none();
  }
  return every === "day" ? m.backups_plan_day({ folder }) : m.backups_plan_week({ folder });
}
