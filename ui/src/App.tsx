import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PlatformProvider } from "./api/platform-context";
import { endpointsQuery } from "./api/queries";
import type { Beginning } from "./begin";
import { router } from "./router";
import { useLanguage } from "./ui/language";
import { onPreference, preferences } from "./ui/preferences";

/** Everything is said anew when the language changes. */
function Pages() {
  return <RouterProvider key={useLanguage()} router={router} />;
}

/** Which page the address names, and what that page is read from. */
const loaded = router.load();

/** Shows the window, once it knows which page the address names. */
export async function show(root: HTMLElement, { platform, client }: Beginning): Promise<void> {
  await loaded;
  // Where nothing is for sale yet, Home leads on to the first steps at once.
  if (client.getQueryData(endpointsQuery(platform).queryKey)?.items.length === 0) {
    await router.preloadRoute({ to: "/welcome" });
  }
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
