import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { EndpointList } from "./generated/EndpointList";
import type { PictureShow } from "./generated/PictureShow";
import { keys } from "./keys";
import { type Command, useCommand, withEndpoint } from "./queries";

/** A picture that the stall's pages show, or what they would show of a file. One that is shown never changes under its name. */
export function pictureQuery(platform: Platform, asked: PictureShow) {
  return queryOptions({
    queryKey: keys.picture(asked),
    queryFn: () => call(platform, "picture_show", asked),
    staleTime: asked.file === undefined ? Number.POSITIVE_INFINITY : 0,
    ...(asked.file !== undefined && { gcTime: 0 }),
    retry: false,
  });
}

/** What the stall's pages show of the seller beside the settings. */
export function sellerQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.seller, queryFn: () => call(platform, "seller_show", null) });
}

/** Shows another picture of the seller, or none. */
export function useSellerPicture(): Command<"seller_picture"> {
  const client = useQueryClient();
  return useCommand("seller_picture", (now) => client.setQueryData(keys.seller, now));
}

/** Shows another cover of an endpoint, or none. */
export function useEndpointCover(): Command<"endpoint_cover"> {
  const client = useQueryClient();
  return useCommand("endpoint_cover", (now) =>
    client.setQueryData<EndpointList>(
      keys.endpointList,
      (known) => known && { ...known, items: withEndpoint(known.items, now) },
    ),
  );
}
