import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hashTypedData, keccak256, recoverTypedDataAddress, toHex } from "viem";
import { sign, transfer, types, withParts } from "./authorization.mjs";
import { account, owner, relayer, seller, startChain, token } from "./chain.mjs";

let chain;
let number = 2000;
before(async () => {
  chain = await startChain();
});
after(() => chain.stop());

async function buyerWith(amount) {
  number += 1;
  const buyer = account(number);
  await chain.fund(buyer.address, amount);
  await chain.test.setBalance({ address: buyer.address, value: 10n ** 18n });
  return buyer;
}

test("it_names_itself_as_the_usdc_of_base_sepolia", async () => {
  assert.equal(await chain.read("name"), "USDC");
  assert.equal(await chain.read("symbol"), "USDC");
  assert.equal(await chain.read("version"), "2");
  assert.equal(await chain.read("decimals"), 6);
  assert.equal(await chain.read("currency"), "USD");
  assert.equal(
    await chain.read("DOMAIN_SEPARATOR"),
    "0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818",
  );
  const code = await chain.reader.getCode({ address: token });
  assert.ok(code.length > 2);
});

test("its_type_hashes_are_those_of_eip_3009", async () => {
  const expected = {
    TRANSFER_WITH_AUTHORIZATION_TYPEHASH: "0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267",
    RECEIVE_WITH_AUTHORIZATION_TYPEHASH: "0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8",
    CANCEL_AUTHORIZATION_TYPEHASH: "0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429",
  };
  for (const [name, hash] of Object.entries(expected)) assert.equal(await chain.read(name), hash);
});

test("a_signature_made_for_the_real_token_has_the_known_digest", async () => {
  const message = {
    from: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    to: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    value: 10_000n,
    validAfter: 1740672089n,
    validBefore: 1740672154n,
    nonce: "0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480",
  };
  const domain = { name: "USDC", version: "2", chainId: 84532, verifyingContract: token };
  const typed = { domain, types, primaryType: "TransferWithAuthorization", message };
  assert.equal(hashTypedData(typed), "0x7b608a4b969db6725f5373740b7811350cd1148db1b903276958fa2a718326ba");
  const signature =
    "0xeae36c169c193ec4791b48a3d469bd0ff9f9b2edef5c1349bedcd0c501c3cff2006d0788285d4a884321fabe5a8428887c3581a82f1b32eeb2ea1011413746901c";
  assert.equal(await recoverTypedDataAddress({ ...typed, signature }), message.from);
});

test("only_the_owner_mints", async () => {
  const before = await chain.read("totalSupply");
  const buyer = await buyerWith(5n);
  assert.equal(await chain.read("balanceOf", [buyer.address]), 5n);
  assert.equal((await chain.read("totalSupply")) - before, 5n);
  await assert.rejects(
    chain.write(relayer, "mint", [relayer.address, 1n]),
    /FiatToken: caller is not a minter/,
  );
});

test("it_moves_and_allows_as_an_erc20_does", async () => {
  const holder = await buyerWith(100n);
  const spender = await buyerWith(1n);
  await chain.write(holder, "transfer", [seller.address, 40n]);
  assert.equal(await chain.read("balanceOf", [holder.address]), 60n);
  await assert.rejects(
    chain.write(holder, "transfer", [seller.address, 61n]),
    /ERC20: transfer amount exceeds balance/,
  );
  await chain.write(holder, "approve", [spender.address, 30n]);
  await chain.write(spender, "transferFrom", [holder.address, seller.address, 20n]);
  assert.equal(await chain.read("allowance", [holder.address, spender.address]), 10n);
  await assert.rejects(
    chain.write(spender, "transferFrom", [holder.address, seller.address, 11n]),
    /ERC20: transfer amount exceeds allowance/,
  );
});

test("while_paused_nothing_moves", async () => {
  const buyer = await buyerWith(100n);
  const message = transfer(buyer.address, seller.address, 1n);
  const args = withParts(message, await sign(buyer, "TransferWithAuthorization", message));
  await assert.rejects(chain.write(relayer, "pause", []), /Pausable: caller is not the pauser/);
  await chain.write(owner, "pause", []);
  await assert.rejects(chain.write(relayer, "transferWithAuthorization", args), /Pausable: paused/);
  await assert.rejects(chain.write(buyer, "transfer", [seller.address, 1n]), /Pausable: paused/);
  const cancellation = { authorizer: buyer.address, nonce: message.nonce };
  const [v, r, s] = withParts(message, await sign(buyer, "CancelAuthorization", cancellation)).slice(6);
  await assert.rejects(
    chain.write(relayer, "cancelAuthorization", [buyer.address, message.nonce, v, r, s]),
    /Pausable: paused/,
  );
  await chain.write(owner, "unpause", []);
  await chain.write(relayer, "transferWithAuthorization", args);
});

test("a_blacklisted_payer_or_payee_is_refused_and_keeps_its_balance", async () => {
  const buyer = await buyerWith(100n);
  const other = await buyerWith(100n);
  const outgoing = transfer(buyer.address, seller.address, 1n);
  const incoming = transfer(other.address, buyer.address, 1n);
  await assert.rejects(
    chain.write(relayer, "blacklist", [buyer.address]),
    /Blacklistable: caller is not the blacklister/,
  );
  await chain.write(owner, "blacklist", [buyer.address]);
  assert.equal(await chain.read("isBlacklisted", [buyer.address]), true);
  assert.equal(await chain.read("balanceOf", [buyer.address]), 100n);
  for (const [signer, message] of [
    [buyer, outgoing],
    [other, incoming],
  ]) {
    const args = withParts(message, await sign(signer, "TransferWithAuthorization", message));
    await assert.rejects(
      chain.write(relayer, "transferWithAuthorization", args),
      /Blacklistable: account is blacklisted/,
    );
  }
  await chain.write(owner, "unBlacklist", [buyer.address]);
  const args = withParts(outgoing, await sign(buyer, "TransferWithAuthorization", outgoing));
  await chain.write(relayer, "transferWithAuthorization", args);
  assert.equal(await chain.read("balanceOf", [buyer.address]), 99n);
});

test("the_proxy_keeps_its_implementation_where_the_real_one_does", async () => {
  const slot = keccak256(toHex("org.zeppelinos.proxy.implementation"));
  assert.equal(slot, "0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3");
  const word = await chain.reader.getStorageAt({ address: token, slot });
  const code = await chain.reader.getCode({ address: `0x${word.slice(-40)}` });
  assert.ok(code.length > 1000);
});
