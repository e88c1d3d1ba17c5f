import tests from "./playwright.config.mjs";

export default { ...tests, testDir: "shots", testIgnore: [] };
