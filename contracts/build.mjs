// Writes the checked-in artifacts from the Solidity sources; with --check, says whether they are still the same.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { keccak256, toHex } from "viem";
import { compile } from "./compile.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

// Base Sepolia's USDC stands at `token`; the others have no real counterpart and spell "PracticeToken" in ASCII.
const addresses = {
  token: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  implementation: "0x5072616374696365546f6b656e20202020202031",
  signatures: "0x5072616374696365546f6b656e20202020202032",
  proxyAdmin: "0x5072616374696365546f6b656e20202020202033",
};

/** A string of at most 31 bytes as Solidity stores it: the bytes, then twice their number in the last byte. */
function shortString(text) {
  const bytes = Buffer.from(text, "utf8");
  const word = Buffer.alloc(32);
  bytes.copy(word);
  word[31] = bytes.length * 2;
  return `0x${word.toString("hex")}`;
}

function word(value) {
  return toHex(BigInt(value), { size: 32 });
}

function artifacts() {
  const sources = ["PracticeToken", "Signatures", "PracticeProxy", "PayerProbe"];
  const compiled = compile(
    sources.map((name) => join(here, "src", `${name}.sol`)),
    { "Signatures.sol": { Signatures: addresses.signatures } },
  );
  // A library's code begins with `push20 0`, which its deployment replaces by its own address.
  const guard = `73${"00".repeat(20)}30`;
  const library = compiled.Signatures.runtime;
  if (!library.startsWith(guard)) throw new Error("Signatures is not compiled as a library");
  const signatures = `73${addresses.signatures.slice(2).toLowerCase()}30${library.slice(guard.length)}`;
  const slot = (name) => {
    const found = compiled.PracticeToken.storage.find((entry) => entry.label === name);
    if (!found || found.offset !== 0) throw new Error(`${name} does not begin a storage slot`);
    return word(found.slot);
  };
  const practiceToken = {
    accounts: {
      token: { address: addresses.token, code: `0x${compiled.PracticeProxy.runtime}` },
      implementation: { address: addresses.implementation, code: `0x${compiled.PracticeToken.runtime}` },
      signatures: { address: addresses.signatures, code: `0x${signatures}` },
    },
    storage: {
      [keccak256(toHex("org.zeppelinos.proxy.implementation"))]: word(addresses.implementation),
      [keccak256(toHex("org.zeppelinos.proxy.admin"))]: word(addresses.proxyAdmin),
      [slot("name")]: shortString("USDC"),
      [slot("symbol")]: shortString("USDC"),
    },
    slots: { owner: slot("owner"), accounts: slot("accounts"), totalSupply: slot("totalSupply") },
  };
  const { TestAccount } = compile([join(here, "test", "TestAccount.sol")]);
  return {
    "contracts/artifacts/practice-token.json": `${JSON.stringify(practiceToken, null, 2)}\n`,
    "src-tauri/crates/chain/artifacts/payer_probe.hex": compiled.PayerProbe.creation,
    "tests/artifacts/test_account.hex": TestAccount.runtime,
  };
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const stale = Object.entries(artifacts()).filter(([path, content]) => read(join(root, path)) !== content);
if (process.argv.includes("--check")) {
  for (const [path] of stale) console.error(`${path} does not match its source; run: node contracts/build.mjs`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, content] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    console.log(`wrote ${relative(process.cwd(), join(root, path))}`);
  }
}
