import { type QueryClient, queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { DataFolderView } from "./generated/DataFolderView";
import type { EndpointCopies } from "./generated/EndpointCopies";
import { keys } from "./keys";
import { type Command, useCommand } from "./queries";

/** What lies in the data folder, and how long it is kept. */
export function dataQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.data, queryFn: () => call(platform, "data_show", null) });
}

/** Lets the next start delete all that an environment has. */
export function useDataDelete(): Command<"data_delete"> {
  const client = useQueryClient();
  return useCommand("data_delete", (data) => showDeletion(client, data));
}

/** Lets the next start delete nothing. */
export function useDataSpare(): Command<"data_spare"> {
  const client = useQueryClient();
  return useCommand("data_spare", (data) => showDeletion(client, data));
}

/** One that the start refused needs attention until it is asked for again, or spared. */
function showDeletion(client: QueryClient, data: DataFolderView): void {
  client.setQueryData(keys.data, data);
  void client.invalidateQueries({ queryKey: keys.attention });
}

/** Writes all the books into a folder. */
export function useDataExport(): Command<"data_export"> {
  return useCommand("data_export");
}

/** What somebody who helps may see. Asked for when it is wanted: it looks at much. */
export function diagnosticsQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.diagnostics,
    queryFn: () => call(platform, "diagnostics_show", null),
    gcTime: 0,
  });
}

/** Saves it as one file. */
export function useDiagnosticsSave(): Command<"diagnostics_save"> {
  return useCommand("diagnostics_save");
}

/** What copying endpoints between two environments would change. */
export function copiesQuery(platform: Platform, copies: EndpointCopies) {
  return queryOptions({
    queryKey: keys.copies(copies),
    queryFn: () => call(platform, "endpoint_copy_preview", copies),
    gcTime: 0,
    retry: false,
  });
}

/** Copies endpoints between two environments. */
export function useEndpointCopy(): Command<"endpoint_copy"> {
  return useCommand("endpoint_copy");
}
