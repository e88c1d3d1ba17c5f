import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import type { Platform } from "../platform/platform";
import { follow } from "./stale";

const PlatformContext = createContext<Platform | null>(null);

interface Props {
  platform: Platform;
  client: QueryClient;
  children: ReactNode;
}

/**
 * Gives everything below it the platform and its answers, and keeps those fresh. Stands once, outermost. Nothing is
 * below it until changes are heard of, so that nobody asks before and has to ask again.
 */
export function PlatformProvider({ platform, client, children }: Props) {
  const [isHearing, setHearing] = useState(false);
  useEffect(() => {
    const { begun, end } = follow(client, platform);
    void begun.then(() => setHearing(true));
    return end;
  }, [client, platform]);
  return (
    <PlatformContext value={platform}>
      <QueryClientProvider client={client}>{isHearing ? children : null}</QueryClientProvider>
    </PlatformContext>
  );
}

/** The program around the page. */
export function usePlatform(): Platform {
  const platform = use(PlatformContext);
  if (platform === null) {
    throw new Error("There is no PlatformProvider above this component.");
  }
  return platform;
}
