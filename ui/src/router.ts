import { createRouter } from "@tanstack/react-router";
import { RouteError, RouteNotFound } from "./features/shell/RouteError";
import { routeTree } from "./routeTree.gen";

/** The window's pages. Filters and open drawers are part of the address, so Back works. */
export const router = createRouter({
  routeTree,
  defaultPreload: false,
  scrollRestoration: false,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: RouteNotFound,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
