import { decodePaymentSignatureHeader } from "@x402/core/http";
import { authorizationTypes } from "@x402/evm";
import { hashTypedData } from "viem";
import { describe, expect, test } from "vitest";
import { choicesOf } from "./offer";
import { authorizationFor, paymentHeader, typedData } from "./signing";
import { NETWORKS, PAYER, requirements, terms } from "./testing";

const [choice] = choicesOf(terms(), NETWORKS);
if (choice === undefined) {
  throw new Error("not payable");
}
const NOW = new Date("2026-11-21T12:00:00.900Z");

describe("what is signed", () => {
  test("is exactly the price, to the seller, until the window is over", () => {
    const { nonce, ...rest } = authorizationFor(choice, PAYER.toLowerCase(), NOW);
    expect(rest).toEqual({
      from: PAYER,
      to: requirements().payTo,
      value: "10000",
      validAfter: "0",
      validBefore: String(NOW.getTime() / 1000 - 0.9 + 300),
    });
    expect(nonce).toMatch(/^0x[0-9a-f]{64}$/);
    expect(authorizationFor(choice, PAYER, NOW).nonce).not.toBe(nonce);
  });

  test("has the types that the published client signs", () => {
    const { types } = typedData(choice, authorizationFor(choice, PAYER, NOW));
    expect(types).toMatchObject(authorizationTypes);
  });

  test("has the digest that a settled payment of these fields had", () => {
    const authorization = {
      from: PAYER,
      to: requirements().payTo,
      value: "10000",
      validAfter: "1740672089",
      validBefore: "1740672154",
      nonce: "0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480",
    };
    const digest = hashTypedData(
      typedData(choice, authorization) as unknown as Parameters<typeof hashTypedData>[0],
    );
    expect(digest).toBe("0x7b608a4b969db6725f5373740b7811350cd1148db1b903276958fa2a718326ba");
  });
});

describe("the header", () => {
  const authorization = authorizationFor(choice, PAYER, NOW);

  test("repeats the terms that were chosen, and nothing that was not offered", () => {
    expect(decodePaymentSignatureHeader(paymentHeader(terms(), choice, authorization, "0xab"))).toEqual({
      x402Version: 2,
      resource: terms().resource,
      accepted: requirements(),
      payload: { signature: "0xab", authorization },
    });
  });

  test("names the payment where the seller knows names", () => {
    const named = terms({
      extensions: {
        "payment-identifier": { info: { required: true }, schema: { type: "object" } },
        other: {},
      },
    });
    const { extensions } = decodePaymentSignatureHeader(paymentHeader(named, choice, authorization, "0xab"));
    expect(extensions).toEqual({
      "payment-identifier": {
        info: { required: true, id: expect.stringMatching(/^[A-Za-z0-9_-]{16,128}$/) },
        schema: { type: "object" },
      },
    });
  });
});
