import { expect, test } from "vitest";
import { formatBytes, shortAddress } from "./figures";
import { linkBelow, walletLinks } from "./links";
import { formatPrice, formatTokens } from "./money";
import { messagesFor } from "./words";

const USDC = { symbol: "USDC", decimals: 6, isDollar: true };
const DAI = { symbol: "DAI", decimals: 18, isDollar: false };

test("amounts are exact, with two places at least", () => {
  expect(formatPrice(50_000n, USDC, "en")).toBe("$0.05");
  expect(formatPrice(1_500_000n, USDC, "en")).toBe("$1.50");
  expect(formatPrice(1n, USDC, "en")).toBe("$0.000001");
  expect(formatTokens(9_007_199_254_740_993_000_001n, DAI, "en")).toBe("9,007.199254740993000001 DAI");
  expect(formatTokens(1_234_567_890_123n, USDC, "de")).toBe("1.234.567,890123 USDC");
});

test("sizes are read at a glance", () => {
  expect([0, 999, 1000, 4_200_000, 123_456_789, 20e9].map((size) => formatBytes(size, "en"))).toEqual(
    ["0 B", "999 B", "1 KB", "4.2 MB", "123 MB", "20 GB"].map((text) => text.replace(" ", "\u00a0")),
  );
});

test("an address is known by its ends", () => {
  expect(shortAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")).toBe("0x7099…79C8");
});

test("a grant's link is followed only below where grants are", () => {
  const origin = "https://stall.example";
  expect(linkBelow("/d/abc", "/d/", origin)).toBe("https://stall.example/d/abc");
  for (const link of [
    null,
    "",
    "/d/",
    "/d/../r/a",
    "/r/a",
    "//elsewhere.example/d/a",
    "https://elsewhere.example/d/a",
  ]) {
    expect(linkBelow(link, "/d/", origin), String(link)).toBeNull();
  }
  expect(linkBelow("javascript:alert(1)", "/d/", origin)).toBeNull();
  expect(linkBelow("https://elsewhere.example/d/a", "https://elsewhere.example/d/", origin)).toBeNull();
});

test("wallets' apps open this very page", () => {
  const links = Object.fromEntries(
    walletLinks("https://stall.example/guide?a=1&b=2").map(({ href, name }) => [name, href]),
  );
  expect(links.MetaMask).toBe("https://metamask.app.link/dapp/stall.example/guide?a=1&b=2");
  const page = "https%3A%2F%2Fstall.example%2Fguide%3Fa%3D1%26b%3D2";
  expect(links["Coinbase Wallet"]).toBe(`https://go.cb-w.com/dapp?cb_url=${page}`);
  expect(links.Rainbow).toBe(`rainbow://dapp?url=${page}`);
  expect(links["Trust Wallet"]).toBe(`https://link.trustwallet.com/open_url?coin_id=60&url=${page}`);
});

test("who reads none of the page's languages gets English", () => {
  expect(messagesFor(["xx", "en-GB"]).test).toBe("TEST");
  expect(messagesFor([]).test).toBe("TEST");
  expect(messagesFor(["de"]).review_pay).toBe("Sie bezahlen");
  expect(messagesFor(["es"]).review_button("$0.05")).toBe("Firmar y pagar $0.05");
});
