// Paid, retried, reloaded, opened twice: signed once and charged once.
import { expect, test } from "./buyer.mjs";

/** One signature was asked for, whatever was sent, the same bytes each time, and one charge came of it. */
function expectPaidOnce({ stall, wallet }, { sent }) {
  expect(wallet.times("eth_signTypedData_v4")).toBe(1);
  expect(stall.payments).toHaveLength(sent);
  expect(new Set(stall.payments).size).toBe(1);
  expect(stall.charges).toHaveLength(1);
}

/** The stall takes the payment, and its answer never arrives. */
const lost = (response, take) => {
  const { end } = response;
  response.writeHead = () => response;
  response.end = () => response.destroy();
  return take().finally(() => {
    response.end = end;
  });
};

/** Nobody answers. */
const never = () => {};

test("an answer that is lost is asked for again with the very same payment", async ({ buyer, stall }) => {
  stall.next(lost);
  await buyer.open();
  await buyer.pay();
  await buyer.sees("Finish your purchase");
  await buyer.says("you are not charged twice");
  expect(stall.charges).toHaveLength(1);
  await buyer.press("Continue");
  await buyer.sees("You own this");
  expectPaidOnce(buyer, { sent: 2 });
});

test("a page that is loaded anew while it pays goes on with the same payment", async ({ buyer, stall }) => {
  stall.next(never);
  await buyer.open();
  await buyer.pay();
  await buyer.sees("The seller checks your payment");
  await buyer.page.reload();
  await buyer.sees("Finish your purchase");
  await buyer.says("You signed a payment of $0.05");
  await buyer.press("Continue");
  await buyer.sees("You own this");
  expectPaidOnce(buyer, { sent: 2 });
});

test("a browser that is opened days later goes on with the same payment, also through the wallet", async ({ buyer, stall }) => {
  stall.next(lost);
  await buyer.open();
  await buyer.pay();
  await buyer.sees("Finish your purchase");
  await buyer.page.close();
  const later = await buyer.tab();
  await later.sees("Finish your purchase");
  await later.press("Continue");
  await later.sees("You own this");
  await later.page.reload();
  await later.sees("You own this");
  expectPaidOnce(buyer, { sent: 2 });
});

test("a payment that is past its time is sent all the same, because only the seller knows what became of it", async ({
  buyer,
  page,
  stall,
}) => {
  stall.next(lost);
  await buyer.open();
  await buyer.pay();
  await buyer.sees("Finish your purchase");
  await page.clock.install({ time: Date.now() + 2 * 86_400_000 });
  await page.reload();
  await buyer.says("The signature was valid until");
  await buyer.press("Continue");
  await buyer.sees("You own this");
  expectPaidOnce(buyer, { sent: 2 });
});

test("what was signed while the stall closed is kept, and sent when the buyer says so", async ({ buyer, stall }) => {
  const closed = (response) => stall.away(response, "not_for_sale_now", "The stall is closed for lunch.", 600);
  stall.next(closed, closed);
  await buyer.open();
  await buyer.pay();
  await buyer.says("The stall is closed for lunch.");
  await buyer.press("Continue");
  await expect.poll(() => stall.payments.length).toBe(2);
  await buyer.sees("Finish your purchase");
  await buyer.press("Continue");
  await buyer.sees("You own this");
  expectPaidOnce(buyer, { sent: 3 });
});

test("a payment that is being settled is asked about until it is", async ({ buyer, stall }) => {
  const settling = (response) => stall.away(response, "settlement_pending", "It is being settled.", 1);
  stall.next(settling, settling);
  await buyer.open();
  await buyer.pay();
  await buyer.sees("Your payment is being settled");
  await buyer.sees("You own this");
  expectPaidOnce(buyer, { sent: 3 });
});

test("pressing twice signs once", async ({ buyer, wallet }) => {
  wallet.before.eth_signTypedData_v4 = () => new Promise((done) => setTimeout(done, 300));
  await buyer.open();
  await buyer.connect();
  await buyer.page.getByRole("button", { name: "Sign and pay" }).dblclick();
  await buyer.sees("You own this");
  expectPaidOnce(buyer, { sent: 1 });
});

for (const [title, prepare] of [
  ["two tabs", () => {}],
  // Plain http in a local network, where browsers have no locks.
  ["two tabs without locks", () => Object.defineProperty(Navigator.prototype, "locks", { value: undefined })],
]) {
  test(`${title}: one pays, the other one follows`, async ({ buyer, stall, wallet }) => {
    await buyer.page.context().addInitScript(prepare);
    let sign = () => {};
    wallet.before.eth_signTypedData_v4 = () =>
      new Promise((done) => {
        sign = done;
      });
    await buyer.open();
    await buyer.connect();
    const other = await buyer.tab();
    await other.pay();
    await other.sees("Sign the payment in Fox Wallet");
    await buyer.press("Sign and pay $0.05");
    await buyer.sees("You are paying in another tab");
    sign();
    await other.sees("You own this");
    await buyer.sees("You own this");
    expectPaidOnce(buyer, { sent: 1 });
    expect(stall.charges).toHaveLength(1);
  });

  test(`${title}: when one gives up, the other one may pay`, async ({ buyer, stall, wallet }) => {
    await buyer.page.context().addInitScript(prepare);
    wallet.before.eth_signTypedData_v4 = () => new Promise(() => {});
    await buyer.open();
    await buyer.connect();
    const other = await buyer.tab();
    await other.pay();
    await other.sees("Sign the payment in Fox Wallet");
    await buyer.press("Sign and pay $0.05");
    await buyer.sees("You are paying in another tab");
    await other.page.close();
    wallet.before = {};
    await expect(buyer.page.locator("#pay h2")).toHaveText("Pay with your wallet", { timeout: 15_000 });
    await buyer.pay();
    await buyer.sees("You own this");
    expect(stall.charges).toHaveLength(1);
  });
}

test("a tab that only looked on shows what another tab has bought", async ({ buyer }) => {
  await buyer.open();
  const other = await buyer.tab();
  await other.pay();
  await other.sees("You own this");
  await buyer.sees("You own this");
});

test("a payment that became public since is proved by signing in, not by paying", async ({ buyer, stall, wallet }) => {
  stall.next(lost, (response) => stall.refuse(response, "invalid_transaction_state", "Paid.", { alreadyPaid: true }));
  await buyer.open();
  await buyer.pay();
  await buyer.press("Continue");
  await buyer.sees("This is already paid for");
  await buyer.press("Sign in and download");
  await buyer.press("Fox Wallet");
  await buyer.sees("You own this");
  expect(stall.charges).toHaveLength(1);
  expect(wallet.times("eth_signTypedData_v4")).toBe(1);
});

test("a browser that keeps nothing still sells, and says so by nothing but working", async ({ buyer, stall }) => {
  stall.next(lost);
  await buyer.page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  await buyer.open();
  await buyer.pay();
  await buyer.press("Continue");
  await buyer.sees("You own this");
  expectPaidOnce(buyer, { sent: 2 });
});

test("a payment that was refused for good is forgotten, and the next one is another", async ({ buyer, stall, wallet }) => {
  stall.next((response) => stall.refuse(response, "invalid_exact_evm_payload_signature", "Not the wallet's signature."));
  await buyer.open();
  await buyer.pay();
  await buyer.says("Not the wallet's signature.");
  await buyer.page.reload();
  await buyer.sees("Pay with your wallet");
  await buyer.pay();
  await buyer.sees("You own this");
  expect(wallet.times("eth_signTypedData_v4")).toBe(2);
  expect(new Set(stall.payments).size).toBe(2);
  expect(stall.charges).toHaveLength(1);
});
