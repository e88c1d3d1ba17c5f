import { expect, test } from "vitest";
import { Fake } from "../platform/fake/fake";
import { call } from "./client";
import { ApiError } from "./error";

test("a command gets its request and answers with its view", async () => {
  const platform = new Fake();
  const request = { key: "public-url", value: "https://stall.example" };
  const settings = await call(platform, "settings_set", request);
  expect(settings.items).toContainEqual(expect.objectContaining(request));
  expect(platform.calls).toEqual([{ name: "settings_set", body: request }]);
});

test("an error of the app keeps its code", async () => {
  const platform = new Fake();
  platform.failNext("status", "in_use", 1, "Another Stallkeeper is using the data folder.");
  const reason = await call(platform, "status", null).catch((reason: unknown) => reason);
  expect(reason).toBeInstanceOf(ApiError);
  expect(reason).toMatchObject({ code: "in_use", message: "Another Stallkeeper is using the data folder." });
});

test("a fault without a code is internal and keeps its words", () => {
  expect(ApiError.from(new TypeError("window is closed"))).toMatchObject({
    code: "internal",
    message: "window is closed",
  });
  expect(ApiError.from("gone")).toMatchObject({ code: "internal", message: "gone" });
});
