import type { QueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { Platform } from "../platform/platform";
import { PlatformProvider } from "./platform-context";
import { follow } from "./stale";

interface Props {
  platform: Platform;
  client: QueryClient;
  children: ReactNode;
}

/** Gives what is tested its platform, once changes are heard of; the window begins in the same order (`begin.ts`). */
export function InWindow({ platform, client, children }: Props) {
  const [isHearing, setHearing] = useState(false);
  useEffect(() => {
    const { begun, end } = follow(client, platform);
    void begun.then(() => setHearing(true));
    return end;
  }, [client, platform]);
  return (
    <PlatformProvider platform={platform} client={client}>
      {isHearing ? children : null}
    </PlatformProvider>
  );
}
