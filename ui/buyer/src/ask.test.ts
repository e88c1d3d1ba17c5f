import { encodePaymentRequiredHeader } from "@x402/core/http";
import { expect, test } from "vitest";
import { understand } from "./ask";
import { terms } from "./testing";
import { encodeHeader } from "./wire";

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

const offered = (more: object = {}) => ({
  "payment-required": encodePaymentRequiredHeader({ ...terms(), ...more } as ReturnType<typeof terms>),
});

test("a grant is read, and only its known parts", async () => {
  const grant = { grant: "/d/a", receipt: "/r/a", status: 7, fileName: "a.pdf", sizeBytes: 12, evil: true };
  expect(await understand(answer(200, grant), false)).toEqual({
    is: "grant",
    grant: { grant: "/d/a", receipt: "/r/a", status: null, fileName: "a.pdf", sizeBytes: 12, files: [] },
  });
});

test("the answer of a service is what was bought, even if it looks like a grant", async () => {
  const bought = await understand(
    answer(
      200,
      { grant: "/d/a" },
      { "content-disposition": "attachment; filename=\"b\"; filename*=UTF-8''K%C3%BCste.json" },
    ),
    true,
  );
  expect(bought).toMatchObject({ is: "body", body: { fileName: "Küste.json", type: "application/json" } });
});

test("a refusal carries the terms of today, with code and sentence from header or body", async () => {
  const header = offered({ error: "insufficient_funds", errorMessage: "Too little." });
  expect(await understand(answer(402, {}, header), false)).toMatchObject({
    is: "terms",
    reason: { code: "insufficient_funds", sentence: "Too little.", alreadyPaid: false },
  });
  const body = { error: "x", message: "Paid before.", alreadyPaid: true };
  expect(await understand(answer(402, body, offered()), false)).toMatchObject({
    is: "terms",
    reason: { code: "x", sentence: "Paid before.", alreadyPaid: true },
  });
});

test("a settlement that failed is told apart from a refusal", async () => {
  const settled = encodeHeader({ success: false, errorReason: "payment_expired", errorMessage: "Too late." });
  expect(await understand(answer(402, "{}", { "payment-response": settled }), false)).toEqual({
    is: "failed",
    reason: { code: "payment_expired", sentence: "Too late.", alreadyPaid: false },
  });
});

test("a 402 that says nothing decides nothing, so what was signed is kept", async () => {
  expect(await understand(answer(402, "<html>", { "payment-required": "%%%" }), false)).toMatchObject({
    is: "away",
  });
});

test("later is told apart from on its way", async () => {
  const later = { "retry-after": "7" };
  expect(await understand(answer(503, { error: "settlement_pending" }, later), false)).toEqual({
    is: "settling",
    seconds: 7,
  });
  expect(
    await understand(answer(503, { error: "not_for_sale_now", message: "Closed." }, later), false),
  ).toEqual({
    is: "away",
    seconds: 7,
    sentence: "Closed.",
  });
  for (const status of [429, 500, 502, 504]) {
    expect(await understand(answer(status, "<html>"), false)).toEqual({
      is: "away",
      seconds: null,
      sentence: null,
    });
  }
});

test("a time to come back may be a date", async () => {
  const date = new Date(Date.now() + 90_000).toUTCString();
  const { seconds } = (await understand(answer(503, {}, { "retry-after": date }), false)) as {
    seconds: number;
  };
  expect(seconds).toBeGreaterThan(80);
  expect(seconds).toBeLessThanOrEqual(90);
});

test("what is gone, and what was called before, ends it", async () => {
  expect(await understand(answer(410, ""), false)).toEqual({ is: "gone" });
  expect(await understand(answer(409, ""), true)).toEqual({ is: "called" });
});
