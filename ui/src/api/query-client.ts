import { QueryClient } from "@tanstack/react-query";

/**
 * The cache of answers. The app is on this computer and says when an answer went stale, so nothing is
 * asked again on a guess: not after a time, not after a failure, not because the network came back.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        // The stall is reached without any network; being offline must not hold a question back.
        networkMode: "always",
        refetchOnReconnect: false,
        refetchOnWindowFocus: false,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
