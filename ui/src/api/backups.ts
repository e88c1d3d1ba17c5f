import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import { keys } from "./keys";
import { type Command, useCommand } from "./queries";

/** The backups that are planned, and the one that waits to be put back. */
export function backupsQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.backups, queryFn: () => call(platform, "backup_show", null) });
}

/** Leaves everything as it is: no backup takes its place. */
export function useBackupForget(): Command<"backup_forget"> {
  const client = useQueryClient();
  return useCommand("backup_forget", (state) => client.setQueryData(keys.backups, state));
}
