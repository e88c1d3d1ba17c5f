import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PlatformProvider } from "./api/platform-context";
import type { Beginning } from "./begin";
import { router } from "./router";
import { useLanguage } from "./ui/language";
import { onPreference, preferences } from "./ui/preferences";

/** Everything is said anew when the language changes. */
function Pages() {
  return <RouterProvider key={useLanguage()} router={router} />;
}

/** Shows the window, once it knows which page the address names. */
export async function show(root: HTMLElement, { platform, client }: Beginning): Promise<void> {
  await router.load();
  const colourFrame = () => void platform.setTheme(preferences().theme).catch(() => undefined);
  onPreference(colourFrame);
  colourFrame();
  createRoot(root).render(
    <StrictMode>
      {/* The window's content policy allows no style that is written into the page. */}
      <CSPProvider disableStyleElements>
        <PlatformProvider platform={platform} client={client}>
          <Tooltip.Provider>
            <Pages />
          </Tooltip.Provider>
        </PlatformProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
