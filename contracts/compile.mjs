// Compiles Solidity sources with the pinned compiler, so that the same source gives the same bytes on every machine.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import solc from "solc";

/**
 * @param {string[]} paths Solidity files that import each other by `./Name.sol`.
 * @param {Record<string, Record<string, string>>} libraries `{ "Signatures.sol": { Signatures: "0x…" } }`
 * @returns compiled contracts by name: `{ abi, creation, runtime, storage }`, bytecode as hex without 0x.
 */
export function compile(paths, libraries = {}) {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(paths.map((path) => [basename(path), { content: readFileSync(path, "utf8") }])),
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 200 },
      // The metadata hash depends on comments and paths; without it only code decides the bytes.
      metadata: { appendCBOR: false, bytecodeHash: "none" },
      libraries,
      outputSelection: {
        "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "storageLayout"] },
      },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const problems = (output.errors ?? []).map((problem) => problem.formattedMessage);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const contracts = Object.values(output.contracts).flatMap((file) => Object.entries(file));
  return Object.fromEntries(
    contracts.map(([name, { abi, evm, storageLayout }]) => [
      name,
      { abi, creation: evm.bytecode.object, runtime: evm.deployedBytecode.object, storage: storageLayout.storage },
    ]),
  );
}
