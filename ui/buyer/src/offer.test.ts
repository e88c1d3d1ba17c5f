import { expect, test } from "vitest";
import { areSameTerms, asPaymentRequired, choicesOf, isSameWay } from "./offer";
import { NETWORKS, requirements, terms } from "./testing";

const choices = (...accepts: ReturnType<typeof requirements>[]) => choicesOf(terms({ accepts }), NETWORKS);

const choice = (change: Parameters<typeof requirements>[0] = {}) => {
  const [made] = choices(requirements(change));
  if (made === undefined) {
    throw new Error("not payable");
  }
  return made;
};

test("a plain exact payment in a token that the page can name is a way to pay", () => {
  expect(choice()).toMatchObject({ chainId: 84532, amount: 10_000n, token: { symbol: "USDC" } });
});

test("the seller's order stays", () => {
  const dear = requirements({ amount: "20000" });
  expect(choices(dear, requirements()).map(({ amount }) => amount)).toEqual([20_000n, 10_000n]);
});

test("what the page cannot sign or name exactly is not offered", () => {
  const wrong: Parameters<typeof requirements>[0][] = [
    { scheme: "upto" },
    { network: "eip155:1" },
    { network: "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp" },
    { network: "__proto__:1" as "eip155:1" },
    { asset: "0x0000000000000000000000000000000000000001" },
    { asset: "USD" },
    { payTo: "merchant" },
    { payTo: "0x209693" },
    { amount: "0" },
    { amount: "-1" },
    { amount: "1e6" },
    { amount: "0x10" },
    { amount: "99999999999999999999" },
    { maxTimeoutSeconds: 0 },
    { maxTimeoutSeconds: 1.5 },
    { extra: {} },
    { extra: { name: "USDC", version: "2", assetTransferMethod: "permit2" } },
    { extra: { name: "USDC", version: "2", paymentFlow: "escrow" } },
    {
      extra: {
        name: "GatewayWalletBatched",
        version: "1",
        verifyingContract: "0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE",
      },
    },
  ];
  for (const change of wrong) {
    expect(choices(requirements(change)), JSON.stringify(change)).toEqual([]);
  }
});

test("a price, an address or a token that changed is not what was signed", () => {
  expect(areSameTerms(choice(), choice({ maxTimeoutSeconds: 60 }))).toBe(true);
  expect(areSameTerms(choice(), choice({ payTo: requirements().payTo.toLowerCase() }))).toBe(true);
  expect(areSameTerms(choice(), choice({ amount: "10001" }))).toBe(false);
  expect(areSameTerms(choice(), choice({ payTo: requirements().asset }))).toBe(false);
  expect(isSameWay(choice(), choice({ amount: "10001" }))).toBe(true);
});

test("terms are read only where they are terms of version 2", () => {
  expect(asPaymentRequired(terms())).not.toBeNull();
  for (const other of [
    null,
    "402",
    [],
    {},
    { x402Version: 1, accepts: [] },
    { x402Version: 2, accepts: [null] },
  ]) {
    expect(asPaymentRequired(other)).toBeNull();
  }
});
