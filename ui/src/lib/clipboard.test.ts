// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { writeClipboard } from "./clipboard";

test("a text that is still being fetched is handed over at once", async () => {
  const write = vi.spyOn(navigator.clipboard, "write").mockResolvedValue();
  let answer: (text: string) => void = () => {};
  const fetched = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const written = writeClipboard(fetched);
  expect(write).toHaveBeenCalledOnce();
  answer("what was fetched");
  await written;
  const item = write.mock.calls[0]?.[0][0];
  expect(await (await item?.getType("text/plain"))?.text()).toBe("what was fetched");
});

test("a text that is known is written as it is", async () => {
  const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await writeClipboard("known");
  expect(write).toHaveBeenCalledWith("known");
});
