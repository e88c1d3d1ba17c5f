import { build, type Rolldown } from "vite";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.unstubAllEnvs());

/** The files of this folder that a build takes in. */
async function taken(mode: string): Promise<string[]> {
  // What `vite build` sets for itself, and a test runner sets otherwise.
  vi.stubEnv("NODE_ENV", "production");
  const built = await build({
    configFile: false,
    mode,
    logLevel: "silent",
    build: { write: false, lib: { entry: "src/platform/choose.ts", formats: ["es"] } },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  return output
    .flatMap((file) => (file.type === "chunk" ? file.moduleIds : []))
    .filter((module) => module.includes("/src/platform/"))
    .map((module) => module.replace(/^.*\/src\/platform\//, ""));
}

test("the window's build knows Tauri and holds no stall in memory", async () => {
  const files = await taken("production");
  expect(files).toContain("tauri.ts");
  expect(files.filter((file) => file.startsWith("fake/"))).toEqual([]);
});

test("the build for tests of the screens holds the stall in memory", async () => {
  expect(await taken("fake")).toContain("fake/browser.ts");
});
