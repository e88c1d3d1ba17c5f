import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { encodeFunctionData, multicall3Abi } from "viem";
import { sign, transfer, withBytes, withParts } from "./authorization.mjs";
import { abi, account, multicall3, relayer, seller, startChain, token } from "./chain.mjs";

let chain;
before(async () => {
  chain = await startChain();
  await chain.fund(seller.address, 1_000_000n);
});
after(() => chain.stop());

test("a_single_transfer_between_existing_balances_costs_84_to_88_thousand_gas", async () => {
  const buyer = account(100);
  await chain.fund(buyer.address, 1_000_000n);
  const parts = transfer(buyer.address, seller.address, 50_000n);
  const byParts = await chain.write(
    relayer,
    "transferWithAuthorization",
    withParts(parts, await sign(buyer, "TransferWithAuthorization", parts)),
  );
  const bytes = transfer(buyer.address, seller.address, 50_000n);
  const byBytes = await chain.write(
    relayer,
    "transferWithAuthorization",
    withBytes(bytes, await sign(buyer, "TransferWithAuthorization", bytes)),
  );
  for (const { gasUsed } of [byParts, byBytes]) {
    assert.ok(gasUsed >= 84_000n && gasUsed <= 88_000n, `${byParts.gasUsed} and ${byBytes.gasUsed}`);
  }
});

test("fifty_payers_in_one_aggregate3_cost_at_most_52_thousand_gas_each", async () => {
  const buyers = Array.from({ length: 50 }, (_, index) => account(200 + index));
  for (const buyer of buyers) await chain.fund(buyer.address, 1_000_000n);
  const before = await chain.read("balanceOf", [seller.address]);
  const calls = [];
  for (const buyer of buyers) {
    const message = transfer(buyer.address, seller.address, 50_000n);
    const args = withParts(message, await sign(buyer, "TransferWithAuthorization", message));
    const callData = encodeFunctionData({ abi, functionName: "transferWithAuthorization", args });
    calls.push({ target: token, allowFailure: true, callData });
  }
  const { gasUsed, logs } = await chain.write(relayer, "aggregate3", [calls], {
    address: multicall3,
    contractAbi: multicall3Abi,
  });
  assert.equal(logs.length, 100);
  assert.equal((await chain.read("balanceOf", [seller.address])) - before, 50n * 50_000n);
  assert.ok(gasUsed <= 50n * 52_000n, `${gasUsed / 50n} gas each`);
});
