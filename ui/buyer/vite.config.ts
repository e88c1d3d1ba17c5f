import { defineConfig } from "vitest/config";

export default defineConfig({
  clearScreen: false,
  build: {
    target: "es2022",
    // One file each with a name that stays: the server hands them out and answers for their age.
    lib: { entry: "src/main.ts", formats: ["es"], fileName: () => "buyer.js", cssFileName: "buyer" },
    // The page may load files of its own address only: nothing is inlined as a data URL.
    assetsInlineLimit: 0,
    minify: true,
  },
  test: { include: ["src/**/*.test.ts"] },
});
