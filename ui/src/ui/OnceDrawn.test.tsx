// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** As it is in a window that has just been opened. */
let OnceDrawn: typeof import("./OnceDrawn").OnceDrawn;

beforeEach(async () => {
  vi.resetModules();
  ({ OnceDrawn } = await import("./OnceDrawn"));
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const page = () => (
  <>
    <p>at once</p>
    <OnceDrawn>
      <p>a moment later</p>
    </OnceDrawn>
  </>
);

test("the first picture does not wait for what it does not show, which comes by itself", async () => {
  const { unmount } = render(page());
  screen.getByText("at once");
  expect(screen.queryByText("a moment later")).toBeNull();
  // Long before the time that a window without frames takes.
  await screen.findByText("a moment later", {}, { timeout: 300 });

  // Only the first picture is worth it.
  unmount();
  render(page());
  screen.getByText("a moment later");
});

test("a window that is hidden, and draws nothing, becomes whole all the same", async () => {
  vi.spyOn(window, "requestAnimationFrame").mockReturnValue(0);
  render(page());
  expect(screen.queryByText("a moment later")).toBeNull();
  await screen.findByText("a moment later");
});
