import tests from "./playwright.config.mjs";

// One after the other: they share what `npm run pictures` writes into.
export default { ...tests, testDir: "pictures", testIgnore: [], globalSetup: ["./server.mjs"], workers: 1, timeout: 180_000 };
