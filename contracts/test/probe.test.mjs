import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { concat, encodeAbiParameters, hexToBigInt, parseAbiParameters, size, slice } from "viem";
import { freshNonce, sign, transfer, withParts } from "./authorization.mjs";
import { account, multicall3, relayer, seller, startChain, token } from "./chain.mjs";

const path = new URL("../../src-tauri/crates/chain/artifacts/payer_probe.hex", import.meta.url);
const creation = readFileSync(path, "utf8");
const parameters = parseAbiParameters("address asset, (address payer, bytes32 nonce)[] queries");

let chain;
before(async () => {
  chain = await startChain();
});
after(() => chain.stop());

/** The probe's answer as numbers; `data` is bounded by EIP-3860. */
async function probe(asset, queries) {
  const data = concat([`0x${creation}`, encodeAbiParameters(parameters, [asset, queries])]);
  assert.ok(size(data) <= 49_152, `${size(data)} bytes of init code`);
  const { data: answer } = await chain.reader.call({ data });
  const words = [];
  for (let at = 0; at < size(answer); at += 32) words.push(hexToBigInt(slice(answer, at, at + 32)));
  return words;
}

test("it_answers_balance_nonce_state_and_code_at_one_block", async () => {
  const buyer = account(3000);
  await chain.fund(buyer.address, 100n);
  const used = transfer(buyer.address, seller.address, 1n);
  const args = withParts(used, await sign(buyer, "TransferWithAuthorization", used));
  await chain.write(relayer, "transferWithAuthorization", args);
  const stranger = account(3001);
  const code = await chain.reader.getCode({ address: multicall3 });
  const answer = await probe(token, [
    { payer: buyer.address, nonce: used.nonce },
    { payer: buyer.address, nonce: freshNonce() },
    { payer: stranger.address, nonce: used.nonce },
    { payer: multicall3, nonce: used.nonce },
  ]);
  const latest = await chain.reader.getBlock();
  assert.ok(answer[0] === latest.number || answer[0] === latest.number + 1n);
  assert.ok(answer[1] >= latest.timestamp);
  assert.deepEqual(answer.slice(2), [99n, 1n, 0n, 99n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, BigInt(size(code))]);
});

test("it_answers_no_query_and_two_hundred", async () => {
  assert.equal((await probe(token, [])).length, 2);
  const queries = Array.from({ length: 200 }, (_, index) => ({
    payer: account(4000 + index).address,
    nonce: freshNonce(),
  }));
  const answer = await probe(token, queries);
  assert.equal(answer.length, 602);
  assert.ok(answer.slice(2).every((word) => word === 0n));
});

test("a_call_to_the_token_that_fails_fails_the_whole_probe", async () => {
  const query = [{ payer: seller.address, nonce: freshNonce() }];
  await assert.rejects(probe(seller.address, query), /revert/i);
  await assert.rejects(probe(multicall3, query), /revert/i);
});
