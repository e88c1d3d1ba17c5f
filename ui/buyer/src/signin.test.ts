import { parseSiweMessage } from "viem/siwe";
import { expect, test } from "vitest";
import { signInFor, signInHeader } from "./signin";
import { PAYER, terms } from "./testing";
import { decodeHeader } from "./wire";

const ORIGIN = "https://stall.example";

const INFO = {
  domain: "stall.example",
  uri: "https://stall.example/guide",
  version: "1",
  nonce: "0123456789abcdef0123456789abcdef",
  issuedAt: "2026-11-21T12:00:00Z",
  expirationTime: "2026-11-21T12:05:00Z",
  statement: "Show that this wallet has paid.",
  resources: ["https://stall.example/guide"],
};

const asked = (info: object) =>
  terms({
    extensions: {
      "sign-in-with-x": { info, supportedChains: [{ chainId: "eip155:8453", type: "eip191" }], schema: {} },
    },
  });

test("the text is one that other programs read as EIP-4361, with the seller's own times", () => {
  const signIn = signInFor(asked(INFO), PAYER, ORIGIN);
  expect(parseSiweMessage(signIn?.text ?? "")).toMatchObject({
    address: PAYER,
    chainId: 8453,
    domain: INFO.domain,
    nonce: INFO.nonce,
    resources: INFO.resources,
    statement: INFO.statement,
    uri: INFO.uri,
  });
  expect(signIn?.text).toContain(`Issued At: ${INFO.issuedAt}\n`);
});

test("the header repeats what was asked, with address and signature", () => {
  const signIn = signInFor(asked(INFO), PAYER.toLowerCase(), ORIGIN);
  expect(signIn && decodeHeader(signInHeader(signIn, "0xab"))).toEqual({
    ...INFO,
    address: PAYER,
    chainId: "eip155:8453",
    type: "eip191",
    signature: "0xab",
  });
});

test("nobody signs in for another place than the one the page is at", () => {
  for (const change of [
    { domain: "bank.example" },
    { uri: "https://bank.example/" },
    { uri: "guide" },
    { nonce: null },
  ]) {
    expect(signInFor(asked({ ...INFO, ...change }), PAYER, ORIGIN)).toBeNull();
  }
  expect(signInFor(terms(), PAYER, ORIGIN)).toBeNull();
});
