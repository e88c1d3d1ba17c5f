import { expect, test } from "vitest";
import { languageFor } from "./language";

test("the first language that somebody reads and the window knows is taken, else English", () => {
  expect(languageFor(["fr-CA", "de-AT", "en"])).toBe("de");
  expect(languageFor(["es-419"])).toBe("es");
  expect(languageFor(["pt-BR", "ja"])).toBe("en");
  expect(languageFor([])).toBe("en");
});
