import { expect, test } from "vitest";
import { fake } from "../platform/fake";
import { call } from "./client";
import { ApiError } from "./error";
import type { AppEvent } from "./generated/AppEvent";

test("a command gets its request and answers with its view", async () => {
  const asked: unknown[] = [];
  const platform = fake({
    settings_set: (request) => {
      asked.push(request);
      return { items: [] };
    },
  });
  const request = { key: "public-url", value: "https://stall.example" };
  expect(await call(platform, "settings_set", request)).toEqual({ items: [] });
  expect(asked).toEqual([request]);
});

test("an error of the app keeps its code", async () => {
  const platform = fake({
    status: () => {
      throw { code: "in_use", message: "Another Stallkeeper is using the data folder." };
    },
  });
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

test("whoever stops listening hears nothing more", async () => {
  const platform = fake({});
  const heard: AppEvent[] = [];
  const stop = await platform.listen((event) => heard.push(event));
  platform.tell({ stale: ["payments"] });
  stop();
  platform.tell({ stale: ["batches"] });
  expect(heard).toEqual([{ stale: ["payments"] }]);
});
