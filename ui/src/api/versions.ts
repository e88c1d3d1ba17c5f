import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { EndpointList } from "./generated/EndpointList";
import { keys } from "./keys";
import { type Command, useCommand, withEndpoint } from "./queries";

/** What was sold before under an endpoint's link. */
export function versionsQuery(platform: Platform, endpoint: string) {
  return queryOptions({
    queryKey: keys.versions(endpoint),
    queryFn: () => call(platform, "endpoint_versions", { endpoint }),
  });
}

/** Chooses what owners of an earlier version receive. */
export function useEndpointOwnersGet(): Command<"endpoint_owners_get"> {
  const client = useQueryClient();
  return useCommand("endpoint_owners_get", (now) => {
    client.setQueryData<EndpointList>(
      keys.endpointList,
      (known) => known && { ...known, items: withEndpoint(known.items, now) },
    );
    void client.invalidateQueries({ queryKey: keys.versions(now.id) });
  });
}
