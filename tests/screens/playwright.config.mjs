import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testIgnore: ["shots/**", "pictures/**"],
  outputDir: "../../target/screens-failed",
  globalSetup: ["./server.mjs", "./buyer/build.mjs"],
  workers: 2,
  fullyParallel: true,
  // A slow computer takes its time; what hangs is ended all the same.
  timeout: 90_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: "/usr/bin/chromium-headless-shell", args: ["--no-sandbox", "--disable-gpu"] },
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
  },
});
