import { decodePaymentSignatureHeader, encodePaymentRequiredHeader } from "@x402/core/http";
import { expect, test } from "vitest";
import { terms } from "./testing";
import { decodeHeader, encodeHeader } from "./wire";

const WORDS = { title: "Küstenvögel 日本 \u{1f41f}", nested: [1, { "/+=": true }] };

test("the published client reads what is written", () => {
  expect(decodePaymentSignatureHeader(encodeHeader(WORDS))).toEqual(WORDS);
});

test("what the published server writes is read", () => {
  const sold = terms({ resource: { url: "https://stall.example/a", description: WORDS.title } });
  expect(decodeHeader(encodePaymentRequiredHeader(sold))).toEqual(sold);
});

test("what cannot be read is nothing", () => {
  for (const header of [null, "", "%%%", "bm8ganNvbg==", "/////w=="]) {
    expect(decodeHeader(header)).toBeNull();
  }
});
