// A practice chain for the tests: the real node, the checked-in artifact, the accounts the tests act with.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPublicClient, createTestClient, createWalletClient, defineChain, http, pad, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { startAnvil } from "../anvil.mjs";
import { compile } from "../compile.mjs";
import { multicall3Runtime } from "../resources.mjs";

const contracts = dirname(dirname(fileURLToPath(import.meta.url)));
const artifact = JSON.parse(readFileSync(join(contracts, "artifacts", "practice-token.json"), "utf8"));

export const token = artifact.accounts.token.address;
export const multicall3 = "0xcA11bde05977b3631167028862bE2a173976CA11";
export const compiled = compile(
  ["src/PracticeToken.sol", "src/Signatures.sol", "test/TestWallet.sol"].map((path) => join(contracts, path)),
);
export const { abi } = compiled.PracticeToken;

/** A test account; equal names give equal keys. */
export function account(number) {
  return privateKeyToAccount(toHex(BigInt(number) + 0x5a11n, { size: 32 }));
}
export const owner = account(1);
export const relayer = account(2);
export const seller = account(3);

function genesis(multicall3Code) {
  const { token: proxy, implementation, signatures } = artifact.accounts;
  const alloc = {
    [multicall3]: { balance: "0x0", code: multicall3Code },
    [implementation.address]: { balance: "0x0", code: implementation.code },
    [signatures.address]: { balance: "0x0", code: signatures.code },
    [proxy.address]: {
      balance: "0x0",
      code: proxy.code,
      storage: { ...artifact.storage, [artifact.slots.owner]: pad(owner.address, { size: 32 }).toLowerCase() },
    },
  };
  for (const rich of [owner, relayer, seller]) alloc[rich.address] = { balance: toHex(10n ** 20n) };
  return {
    config: { chainId: 84532 },
    nonce: "0x0",
    timestamp: toHex(Math.floor(Date.now() / 1000) - 60),
    extraData: "0x",
    gasLimit: toHex(60_000_000),
    difficulty: "0x0",
    mixHash: toHex(0, { size: 32 }),
    coinbase: toHex(0, { size: 20 }),
    alloc,
  };
}

/** Starts a chain; `chain.stop()` ends it. */
export async function startChain() {
  const folder = mkdtempSync(join(tmpdir(), "practice-contracts-"));
  const path = join(folder, "genesis.json");
  writeFileSync(path, JSON.stringify(genesis(await multicall3Runtime())));
  const node = await startAnvil("--chain-id", "84532", "--enable-tx-gas-limit", "--init", path, "--accounts", "0");
  const definition = defineChain({
    id: 84532,
    name: "practice",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [node.url] } },
  });
  const transport = http(node.url);
  const options = { chain: definition, transport, pollingInterval: 20, cacheTime: 0 };
  const reader = createPublicClient(options);
  const test = createTestClient({ ...options, mode: "anvil" });

  /** Calls `name` as `from`; throws when the simulation reverts; gives the receipt. */
  async function write(from, name, args, { address = token, contractAbi = abi, ...overrides } = {}) {
    const { request } = await reader.simulateContract({
      account: from,
      address,
      abi: contractAbi,
      functionName: name,
      args,
      ...overrides,
    });
    const hash = await createWalletClient({ ...options, account: from }).writeContract(request);
    return reader.waitForTransactionReceipt({ hash });
  }
  const read = (name, args = []) => reader.readContract({ address: token, abi, functionName: name, args });
  const fund = (address, amount) => write(owner, "mint", [address, amount]);
  const now = async () => (await reader.getBlock({ blockTag: "pending" })).timestamp;
  const stop = async () => {
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { reader, test, options, read, write, fund, now, stop };
}
