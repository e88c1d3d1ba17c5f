import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { photo, status } from "./platform/example";
import { fake } from "./platform/fake";
import type { Platform } from "./platform/platform";
import { tauri } from "./platform/tauri";
import { Stall } from "./Stall";
import "./styles/tokens.css";
import "./styles/app.css";

// A built front end is always inside the window; the development server also serves plain browsers.
const inBrowser = import.meta.env.DEV && !("__TAURI_INTERNALS__" in window);
const platform: Platform = inBrowser
  ? fake({ status: () => status, endpoint_list: () => ({ items: [photo] }) })
  : tauri;

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no root element");
}
createRoot(root).render(
  <StrictMode>
    <Stall platform={platform} />
  </StrictMode>,
);
