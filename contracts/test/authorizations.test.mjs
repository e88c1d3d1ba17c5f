import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createWalletClient, hexToBigInt, parseEventLogs, size, slice, zeroAddress } from "viem";
import { highTwin, recoveryFrom, sign, transfer, withBytes, withParts } from "./authorization.mjs";
import { abi, account, compiled, relayer, seller, startChain, token } from "./chain.mjs";

let chain;
let number = 1000;
before(async () => {
  chain = await startChain();
});
after(() => chain.stop());

async function buyerWith(amount) {
  number += 1;
  const buyer = account(number);
  if (amount > 0n) await chain.fund(buyer.address, amount);
  return buyer;
}
const signed = (signer, message) => sign(signer, "TransferWithAuthorization", message);
const submit = (args) => chain.write(relayer, "transferWithAuthorization", args);
/** Lets `signer` delegate its code to `target` by EIP-7702; the zero address ends it. */
async function delegate(signer, target) {
  const nonce = await chain.reader.getTransactionCount({ address: signer.address });
  const authorization = await signer.signAuthorization({ chainId: 84532, address: target, nonce });
  const wallets = createWalletClient({ ...chain.options, account: relayer });
  const hash = await wallets.sendTransaction({ to: relayer.address, authorizationList: [authorization] });
  await chain.reader.waitForTransactionReceipt({ hash });
}
const events = ({ logs }) => parseEventLogs({ abi, logs }).map(({ eventName, args }) => [eventName, args]);

for (const [overload, encode] of [
  ["parts", withParts],
  ["bytes", withBytes],
]) {
  // I7: the Transfer that belongs to an authorization is the next log.
  test(`a_transfer_by_${overload}_emits_the_used_nonce_and_then_its_transfer`, async () => {
    const buyer = await buyerWith(70_000n);
    const message = transfer(buyer.address, seller.address, 50_000n);
    const receipt = await submit(encode(message, await signed(buyer, message)));
    assert.deepEqual(events(receipt), [
      ["AuthorizationUsed", { authorizer: buyer.address, nonce: message.nonce }],
      ["Transfer", { from: buyer.address, to: seller.address, value: 50_000n }],
    ]);
    assert.deepEqual(
      receipt.logs[0].topics.slice(1).map((topic) => hexToBigInt(topic)),
      [hexToBigInt(buyer.address), hexToBigInt(message.nonce)],
    );
    assert.equal(await chain.read("balanceOf", [buyer.address]), 20_000n);
    assert.equal(await chain.read("authorizationState", [buyer.address, message.nonce]), true);
  });

  test(`a_used_authorization_is_refused_by_${overload}`, async () => {
    const buyer = await buyerWith(100_000n);
    const message = transfer(buyer.address, seller.address, 50_000n);
    const args = encode(message, await signed(buyer, message));
    await submit(args);
    await assert.rejects(submit(args), /FiatTokenV2: authorization is used or canceled/);
  });

  test(`only_the_payee_may_receive_by_${overload}`, async () => {
    const buyer = await buyerWith(100_000n);
    const message = transfer(buyer.address, seller.address, 50_000n);
    const args = encode(message, await sign(buyer, "ReceiveWithAuthorization", message));
    await assert.rejects(
      chain.write(relayer, "receiveWithAuthorization", args),
      /FiatTokenV2: caller must be the payee/,
    );
    const receipt = await chain.write(seller, "receiveWithAuthorization", args);
    assert.deepEqual(
      events(receipt).map(([name]) => name),
      ["AuthorizationUsed", "Transfer"],
    );
  });

  // T06: a cancelled nonce reads as used, but the events differ.
  test(`a_cancellation_by_${overload}_is_not_a_use`, async () => {
    const buyer = await buyerWith(100_000n);
    const message = transfer(buyer.address, seller.address, 50_000n);
    const cancellation = { authorizer: buyer.address, nonce: message.nonce };
    const signature = await sign(buyer, "CancelAuthorization", cancellation);
    const rest = encode(message, signature).slice(6);
    const receipt = await chain.write(relayer, "cancelAuthorization", [buyer.address, message.nonce, ...rest]);
    assert.deepEqual(events(receipt), [["AuthorizationCanceled", cancellation]]);
    assert.equal(await chain.read("authorizationState", [buyer.address, message.nonce]), true);
    assert.equal(await chain.read("balanceOf", [buyer.address]), 100_000n);
    await assert.rejects(
      submit(encode(message, await signed(buyer, message))),
      /FiatTokenV2: authorization is used or canceled/,
    );
    await assert.rejects(
      chain.write(relayer, "cancelAuthorization", [buyer.address, message.nonce, ...rest]),
      /FiatTokenV2: authorization is used or canceled/,
    );
  });
}

test("both_ends_of_the_window_are_outside_it", async () => {
  const buyer = await buyerWith(100_000n);
  const time = (await chain.reader.getBlock()).timestamp + 1000n;
  // A simulation at the very second is asked of the node with the block's time given.
  const at = async (message) =>
    chain.reader.simulateContract({
      account: relayer,
      address: token,
      abi,
      functionName: "transferWithAuthorization",
      args: withParts(message, await signed(buyer, message)),
      blockOverrides: { time },
    });
  const within = (validAfter, validBefore) =>
    transfer(buyer.address, seller.address, 1n, { validAfter, validBefore });
  await assert.rejects(at(within(time, time + 1n)), /FiatTokenV2: authorization is not yet valid/);
  await assert.rejects(at(within(time - 1n, time)), /FiatTokenV2: authorization is expired/);
  await at(within(time - 1n, time + 1n));
});

test("high_s_is_refused", async () => {
  const buyer = await buyerWith(100_000n);
  const message = transfer(buyer.address, seller.address, 1n);
  const twin = highTwin(await signed(buyer, message));
  for (const encode of [withParts, withBytes]) {
    await assert.rejects(submit(encode(message, twin)), /ECRecover: invalid signature 's' value/);
  }
});

test("v_of_zero_or_one_is_refused", async () => {
  const buyer = await buyerWith(100_000n);
  const message = transfer(buyer.address, seller.address, 1n);
  const counted = recoveryFrom(0, await signed(buyer, message));
  for (const encode of [withParts, withBytes]) {
    const args = encode(message, counted);
    await assert.rejects(submit(args), /ECRecover: invalid signature 'v' value/);
  }
});

test("a_short_signature_is_refused", async () => {
  const buyer = await buyerWith(100_000n);
  const message = transfer(buyer.address, seller.address, 1n);
  const short = slice(await signed(buyer, message), 0, 64);
  await assert.rejects(submit(withBytes(message, short)), /ECRecover: invalid signature length/);
});

test("someone_elses_signature_and_changed_terms_are_refused", async () => {
  const buyer = await buyerWith(100_000n);
  const stranger = await buyerWith(0n);
  const message = transfer(buyer.address, seller.address, 50_000n);
  const signature = await signed(buyer, message);
  await assert.rejects(
    submit(withParts(message, await signed(stranger, message))),
    /FiatTokenV2: invalid signature/,
  );
  for (const changed of [{ value: 50_001n }, { to: stranger.address }, { validBefore: 2n ** 41n }]) {
    await assert.rejects(submit(withParts({ ...message, ...changed }, signature)), /FiatTokenV2: invalid signature/);
  }
  await assert.rejects(
    submit(withParts(message, await sign(buyer, "ReceiveWithAuthorization", message))),
    /FiatTokenV2: invalid signature/,
  );
  await submit(withParts(message, signature));
});

test("a_transfer_above_the_balance_is_refused_and_leaves_the_nonce_unused", async () => {
  const buyer = await buyerWith(49_999n);
  const message = transfer(buyer.address, seller.address, 50_000n);
  await assert.rejects(
    submit(withParts(message, await signed(buyer, message))),
    /ERC20: transfer amount exceeds balance/,
  );
  assert.equal(await chain.read("authorizationState", [buyer.address, message.nonce]), false);
});

test("a_transfer_to_the_zero_address_is_refused", async () => {
  const buyer = await buyerWith(1n);
  const message = transfer(buyer.address, zeroAddress, 1n);
  await assert.rejects(
    submit(withParts(message, await signed(buyer, message))),
    /ERC20: transfer to the zero address/,
  );
});

test("a_contract_wallet_pays_by_the_bytes_overload", async () => {
  const key = await buyerWith(0n);
  const { TestWallet } = compiled;
  const wallets = createWalletClient({ ...chain.options, account: relayer });
  const bytecode = `0x${TestWallet.creation}`;
  const hash = await wallets.deployContract({ abi: TestWallet.abi, bytecode, args: [key.address] });
  const { contractAddress: wallet } = await chain.reader.waitForTransactionReceipt({ hash });
  await chain.fund(wallet, 100_000n);
  const message = transfer(wallet, seller.address, 50_000n);
  await assert.rejects(
    submit(withBytes(message, await signed(relayer, message))),
    /FiatTokenV2: invalid signature/,
  );
  const receipt = await submit(withBytes(message, await signed(key, message)));
  assert.deepEqual(
    events(receipt).map(([name]) => name),
    ["AuthorizationUsed", "Transfer"],
  );
});

// T20: the token asks an address with code and never recovers: a delegated key's own good signature reverts.
test("a_delegated_key_with_a_good_signature_is_refused", async () => {
  const buyer = await buyerWith(100_000n);
  const message = transfer(buyer.address, seller.address, 50_000n);
  const signature = await signed(buyer, message);
  await delegate(buyer, token);
  assert.equal(size(await chain.reader.getCode({ address: buyer.address })), 23);
  for (const encode of [withParts, withBytes]) {
    await assert.rejects(submit(encode(message, signature)), /FiatTokenV2: invalid signature/);
  }
  await delegate(buyer, zeroAddress);
  await submit(withParts(message, signature));
});
