import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  clearScreen: false,
  // The window asks for this port in a development build.
  server: { port: 5173, strictPort: true },
  build: {
    target: "safari15",
    // The window's content policy allows files only: nothing may be inlined as a data URL or script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
