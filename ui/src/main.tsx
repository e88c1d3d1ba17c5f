import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PlatformProvider } from "./api/platform-context";
import { createQueryClient } from "./api/query-client";
import { choosePlatform } from "./platform/choose";
import { router } from "./router";
import { followLanguage, useLanguage } from "./ui/language";
import { onPreference, preferences } from "./ui/preferences";
import { followTheme } from "./ui/theme";
import "./styles/app.css";

followTheme();
followLanguage();

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no root element");
}
const platform = await choosePlatform();
const colourFrame = () => void platform.setTheme(preferences().theme).catch(() => undefined);
onPreference(colourFrame);
colourFrame();

/** Everything is said anew when the language changes. */
function Pages() {
  return <RouterProvider key={useLanguage()} router={router} />;
}

createRoot(root).render(
  <StrictMode>
    {/* The window's content policy allows no style that is written into the page. */}
    <CSPProvider disableStyleElements>
      <PlatformProvider platform={platform} client={createQueryClient()}>
        <Tooltip.Provider>
          <Pages />
        </Tooltip.Provider>
      </PlatformProvider>
    </CSPProvider>
  </StrictMode>,
);
