import { createRouter } from "@tanstack/react-router";
import { routeTree } from "./routeTree.gen";

/** The window's pages. Filters and open drawers are part of the address, so Back works. */
export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
