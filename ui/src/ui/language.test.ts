// @vitest-environment happy-dom
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { writtenAs } from "../lib/formats";
import { followLanguage, useLanguage } from "./language";
import { prefer } from "./preferences";

afterEach(cleanup);

test("whoever reads German anyway and chooses it sees at once how its numbers are written", async () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["de-AT"]);
  await followLanguage();
  const { result } = renderHook(useLanguage);
  const before = result.current;
  act(() => prefer({ language: "de" }));
  await waitFor(() => expect(result.current).not.toBe(before));
  expect(writtenAs()).toBe("de");
  expect(document.documentElement.lang).toBe("de");
});
