import { Outlet } from "@tanstack/react-router";

/** The window around every page. */
export function Shell() {
  return (
    <main className="flex h-full flex-col">
      <Outlet />
    </main>
  );
}
