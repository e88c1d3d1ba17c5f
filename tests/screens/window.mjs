// The window in Chromium: opening a page of it, and hearing whatever goes wrong in it.
import { test as base, expect } from "@playwright/test";

export { expect };

/** When every stall opens: a Saturday at noon, as in the front end's own tests. */
const OPENING = Date.UTC(2026, 10, 21, 12);

/** The sizes every page is looked at in: a common window, and the smallest one. */
export const SIZES = [
  { width: 1280, height: 800 },
  { width: 960, height: 640 },
];

export const THEMES = ["light", "dark"];

/** Notes down what a window must never do: errors, warnings, and what its content policy forbids. */
async function watch(page) {
  const faults = [];
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      faults.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on("dialog", (dialog) => {
    faults.push(`a dialog of the browser: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.clock.install({ time: OPENING });
  await page.addInitScript(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  return faults;
}

/** A page of the window; the same seed gives the same stall. */
export class Window {
  /** What went wrong in it so far. */
  faults;

  constructor(page, faults) {
    this.page = page;
    this.faults = faults;
  }

  /** Loads a page of the window on a stall that has been through a scenario. */
  async open(path, { scenario = "few", fail, never } = {}) {
    const asked = new URL(path, process.env.SCREENS_URL);
    asked.searchParams.set("scenario", scenario);
    for (const [name, value] of Object.entries({ fail, never })) {
      if (value !== undefined) {
        asked.searchParams.set(name, value);
      }
    }
    await this.page.goto(asked.href);
    await this.page.waitForFunction(() => window.stall !== undefined && document.querySelector("#root > *") !== null);
  }

  /** Loads a screen in one of its states, and waits until it is there. */
  async show({ path, scenario, prepare, sees }) {
    let address = path;
    if (typeof path === "function") {
      // A stall that does not answer cannot be asked; it holds what a small one holds.
      const asked = ["node-away", "loading", "error"].includes(scenario) ? "few" : scenario;
      await this.open("/settings", { scenario: asked });
      address = await path(this);
    }
    await this.open(address, { scenario });
    await prepare?.(this);
    await expect(sees(this.page)).toBeVisible();
    await this.rest();
  }

  /** What the stall answers to a command. */
  ask(name, body = {}) {
    return this.page.evaluate(([asked, request]) => window.stall.call(asked, request), [name, body]);
  }

  /** How often the window has called a command. */
  calls(name) {
    return this.page.evaluate((asked) => window.stall.calls.filter((call) => call.name === asked).length, name);
  }

  /** Waits until what moves has come to rest and letters have their shapes. */
  async rest() {
    await this.page.evaluate(async () => {
      await document.fonts.ready;
      // The page's clock is not the browser's: a size that changed is told in a real frame only, and React draws after it.
      const told = () =>
        new Promise((next) => {
          const observer = new ResizeObserver(() => {
            observer.disconnect();
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = next;
            port2.postMessage(null);
          });
          observer.observe(document.documentElement);
        });
      const frame = () => new Promise((next) => requestAnimationFrame(next)).then(told);
      const isMoving = () =>
        document
          .getAnimations()
          .some(({ effect, playState }) => playState === "running" && effect.getComputedTiming().iterations < 99);
      // Looked at in every frame: an animation whose element is taken away may never say that it is finished. What has moved
      // may let something else begin, so it counts only when nothing moves in two frames in turn.
      for (let still = 0; still < 2; still = isMoving() ? 0 : still + 1) {
        await frame();
      }
    });
  }
}

export const test = base.extend({
  /** A window of its own for one test. */
  window: async ({ page }, use) => {
    const faults = await watch(page);
    await use(new Window(page, faults));
    expect(faults).toEqual([]);
  },

  /** One window for all tests of a worker: to be loaded anew, not to be trusted with what it remembers. */
  sharedWindow: [
    async ({ browser }, use) => {
      const window = await windowOf(browser, { viewport: SIZES[0], locale: "en-US" });
      await use(window);
      await window.page.context().close();
    },
    { scope: "worker" },
  ],
});

/** A window in which nothing moves for longer than it must, for many tests one after the other. */
export async function windowOf(browser, options) {
  const context = await browser.newContext({ ...options, timezoneId: "UTC", reducedMotion: "reduce" });
  const page = await context.newPage();
  return new Window(page, await watch(page));
}
