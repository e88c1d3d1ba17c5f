import { expect, test } from "vitest";
import { choicesOf } from "./offer";
import { wayFrom } from "./refusal";
import { NETWORKS, PAYER, requirements, terms } from "./testing";

const choices = (change: Parameters<typeof requirements>[0] = {}) =>
  choicesOf(terms({ accepts: [requirements(change)] }), NETWORKS);
const [signed = null] = choices();

const refused = (code: string, alreadyPaid = false) => ({ code, sentence: "So it is.", alreadyPaid });
const way = (code: string, today = choices()) => wayFrom(refused(code), signed, today, PAYER);

test("reasons that have a next step of their own lead there", () => {
  expect(way("payer_blocked")).toMatchObject({ to: "state", state: { is: "blocked" } });
  expect(way("insufficient_funds")).toMatchObject({ to: "state", state: { is: "short" } });
  expect(way("payment_expired")).toMatchObject({ to: "review", notice: { is: "expired" } });
  expect(way("invalid_exact_evm_payload_authorization_valid_before")).toMatchObject({
    notice: { is: "expired" },
  });
  expect(way("cap_reached")).toMatchObject({ to: "review", notice: { is: "capped", sentence: "So it is." } });
});

test("what is paid already is never asked for again, whatever else is said", () => {
  const paid = refused("insufficient_funds", true);
  expect(wayFrom(paid, signed, choices({ amount: "1" }), PAYER)).toEqual({
    to: "state",
    state: { is: "alreadyPaid" },
  });
});

test("another price, or another address to pay to, is looked at again before anything is signed", () => {
  for (const change of [{ amount: "20000" }, { payTo: requirements().asset }]) {
    expect(way("invalid_payment_requirements", choices(change))).toMatchObject({
      to: "review",
      notice: { is: "priceChanged", old: { amount: 10_000n } },
    });
  }
  expect(way("invalid_network", [])).toEqual({ to: "wallets", notice: { is: "wayGone" } });
});

test("anything else is told in the seller's words", () => {
  expect(way("something_new")).toEqual({ to: "review", notice: { is: "refused", sentence: "So it is." } });
  expect(wayFrom(refused("insufficient_funds"), null, [], null)).toMatchObject({ notice: { is: "refused" } });
});
