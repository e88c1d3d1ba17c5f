import { expect, test } from "vitest";
import { widthsOf } from "./amounts";

const page = (...amounts: string[]) => ({ items: amounts.map((formatted) => ({ formatted })) });

test("the longest amount is told once all are lined up by their points, also across pages", () => {
  const first = page("0.05", "1234.50");
  expect(widthsOf([first])).toEqual({ places: 2, longest: "1234.50".length });
  const second = page("0.000125");
  expect(widthsOf([first, second])).toEqual({ places: 6, longest: "1234.500000".length });
});

test("a page that took another one's place is measured", () => {
  expect(widthsOf([page("0.000125")])).toEqual({ places: 6, longest: "0.000125".length });
  expect(widthsOf([page("0.05")])).toEqual({ places: 2, longest: "0.05".length });
});
