import { readFileSync } from "node:fs";
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { licences } from "./licences.ts";

/** The workspace has one version, which Cargo.toml names. */
const version = /^version = "(.+)"$/m.exec(readFileSync("../Cargo.toml", "utf8"))?.[1] ?? "";

/** Lets the pages be fetched as soon as the document is read, and not only when the first script asks for them. */
const pagesAtOnce: Plugin = {
  name: "pages-at-once",
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle }) => {
      // A development server has no files yet.
      if (bundle === undefined) {
        return [];
      }
      const pages = Object.values(bundle).find((file) => file.type === "chunk" && file.name === "App");
      if (pages === undefined) {
        throw new Error("There is no file of the pages to fetch.");
      }
      const attrs = { rel: "modulepreload", crossorigin: true, href: `/${pages.fileName}` };
      return [{ tag: "link", attrs, injectTo: "head" }];
    },
  },
};

export default defineConfig(({ mode }) => ({
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [
    // Each feature keeps its own file of messages; `npm run messages` compiles them the same way.
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/i18n/paraglide",
      outputStructure: "locale-modules",
      strategy: ["globalVariable", "baseLocale"],
      emitReadme: false,
      emitPrettierIgnore: false,
    }),
    tanstackRouter({ target: "react", quoteStyle: "double", semicolons: true }),
    react(),
    licences(mode),
    pagesAtOnce,
    tailwindcss(),
  ],
  clearScreen: false,
  // The window asks for this port in a development build.
  server: { port: 5173, strictPort: true },
  build: {
    target: "safari16.4",
    // The window's content policy allows files only: nothing may be inlined as a data URL or script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // A slow computer takes its time; what hangs is ended all the same.
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/i18n/in-english.ts", "src/ui/no-conflicts.ts"],
    testTimeout: 30_000,
    // By itself it leaves a core to whoever watches: of two, one.
    maxWorkers: "100%",
  },
}));
