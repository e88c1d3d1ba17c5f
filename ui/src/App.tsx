import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PlatformProvider } from "./api/platform-context";
import { createQueryClient } from "./api/query-client";
import { askFirst } from "./first";
import { choosePlatform } from "./platform/choose";
import { router } from "./router";
import { useLanguage } from "./ui/language";
import { onPreference, preferences } from "./ui/preferences";
import { useWithin } from "./ui/useWithin";

/** So long the window waits for what it shows first; beyond that it says that it waits. */
const AT_ONCE = 300;

interface PagesProps {
  /** Asks what they show first. */
  ask(): Promise<unknown>[];
}

/** Everything is said anew when the language changes. */
function Pages({ ask }: PagesProps) {
  const language = useLanguage();
  return useWithin(AT_ONCE, ask) ? <RouterProvider key={language} router={router} /> : null;
}

/** Shows the window. */
export async function show(root: HTMLElement): Promise<void> {
  const platform = await choosePlatform();
  const colourFrame = () => void platform.setTheme(preferences().theme).catch(() => undefined);
  onPreference(colourFrame);
  colourFrame();
  const client = createQueryClient();
  const ask = () => askFirst(client, platform, location.pathname);
  createRoot(root).render(
    <StrictMode>
      {/* The window's content policy allows no style that is written into the page. */}
      <CSPProvider disableStyleElements>
        <PlatformProvider platform={platform} client={client}>
          <Tooltip.Provider>
            <Pages ask={ask} />
          </Tooltip.Provider>
        </PlatformProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
