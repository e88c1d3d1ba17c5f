import { expect, test } from "vitest";
import { formatBytes } from "./bytes";

test("a length is told in the largest unit that fits it", () => {
  expect(formatBytes(0, "en")).toBe("0 bytes");
  expect(formatBytes(999, "en")).toBe("999 bytes");
  expect(formatBytes(4_249, "en")).toBe("4.2 kB");
  expect(formatBytes(200_000_000, "en")).toBe("200 MB");
  expect(formatBytes(999_999_999, "en")).toBe("1 GB");
  expect(formatBytes(4_200_000, "de")).toBe("4,2 MB");
});
