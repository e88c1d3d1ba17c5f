import "./pages";
import { routeTree as routes } from "./routeTree.gen";

/** The routes with all their pages, which the window reads once it is drawn: no test waits for that. */
export const routeTree = routes;
