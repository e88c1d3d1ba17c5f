import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, use } from "react";
import type { Platform } from "../platform/platform";

const PlatformContext = createContext<Platform | null>(null);

interface Props {
  platform: Platform;
  client: QueryClient;
  children: ReactNode;
}

/** Gives everything below it the platform and its answers. Stands once, outermost. */
export function PlatformProvider({ platform, client, children }: Props) {
  return (
    <PlatformContext value={platform}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
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
