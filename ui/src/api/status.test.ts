import { expect, test } from "vitest";
import { fake } from "../platform/fake";
import { ApiError } from "./error";
import { status } from "./status";

test("the status of the stall is what the app answers", async () => {
  const asked: unknown[] = [];
  const platform = fake({
    status: (body) => {
      asked.push(body);
      return { environment: "practice", url: "http://127.0.0.1:4021" };
    },
  });
  expect(await status(platform)).toEqual({ environment: "practice", url: "http://127.0.0.1:4021" });
  expect(asked).toEqual([null]);
});

test("an error of the app keeps its code", async () => {
  const platform = fake({
    status: () => {
      throw { code: "engine_not_running", message: "nothing is running" };
    },
  });
  const reason = await status(platform).catch((reason: unknown) => reason);
  expect(reason).toBeInstanceOf(ApiError);
  expect(reason).toMatchObject({ code: "engine_not_running", message: "nothing is running" });
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
  let heard = 0;
  const stop = await platform.listen(() => {
    heard += 1;
  });
  platform.goStale();
  stop();
  platform.goStale();
  expect(heard).toBe(1);
});
