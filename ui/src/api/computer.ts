import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Computer, ComputerChange, CrashReport, FoundUpdate } from "../platform/computer";
import type { Platform } from "../platform/platform";
import { ApiError } from "./error";
import { keys } from "./keys";
import { usePlatform } from "./platform-context";

export type { Computer, CrashReport, Notice, Place, TrayWords, Wanted } from "../platform/computer";

/** Rejects with an `ApiError`, as commands of the stall do. */
async function asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (reason) {
    throw ApiError.from(reason);
  }
}

/** How the program behaves on this computer. */
export function computerQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.computer, queryFn: () => asked(platform.computer()) });
}

/** What was written down when the program failed, the newest first. */
export function crashesQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.crashes, queryFn: () => asked(platform.crashes()) });
}

/** Changes how the program behaves. */
export function useComputerSet() {
  const platform = usePlatform();
  const client = useQueryClient();
  return useMutation<Computer, ApiError, ComputerChange>({
    mutationFn: (change) => asked(platform.setComputer(change)),
    onSuccess: (now) => client.setQueryData<Computer>(keys.computer, now),
  });
}

/** Copies a report to where the person says; answers whether they said where. */
export function useCrashSave() {
  const platform = usePlatform();
  return useMutation<boolean, ApiError, CrashReport>({
    mutationFn: async ({ name }) => {
      const path = await asked(platform.saveFile(`stallkeeper-${name}`));
      if (path === null) {
        return false;
      }
      await asked(platform.saveCrash(name, path));
      return true;
    },
  });
}

/** Deletes reports. */
export function useCrashDelete() {
  const platform = usePlatform();
  const client = useQueryClient();
  return useMutation<void, ApiError, readonly CrashReport[]>({
    mutationFn: async (reports) => {
      for (const { name } of reports) {
        await asked(platform.deleteCrash(name));
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.crashes }),
  });
}

/** Looks for a newer version. */
export function useLookForUpdate() {
  const platform = usePlatform();
  const client = useQueryClient();
  return useMutation<FoundUpdate | null, ApiError, void>({
    mutationFn: () => asked(platform.lookForUpdate()),
    onSuccess: (found) =>
      client.setQueryData<Computer>(keys.computer, (known) => known && { ...known, found }),
  });
}

/** Puts another environment in the place of this one. */
export function useSwitchTo() {
  const platform = usePlatform();
  return useMutation<void, ApiError, string>({
    mutationFn: (environment) => asked(platform.switchTo(environment)),
  });
}

/** Fetches the version that was found and starts it. */
export function useInstallUpdate() {
  const platform = usePlatform();
  return useMutation<void, ApiError, void>({ mutationFn: () => asked(platform.installUpdate()) });
}
