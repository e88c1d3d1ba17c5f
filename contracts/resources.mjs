// Assembles the practice resources in the folder given as argument: the node's binary, Multicall3's code, the token.
import { chmodSync, copyFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
// viem does not export this file, so it is named by its path.
import { multicall3Bytecode } from "./node_modules/viem/_esm/constants/contracts.js";
import { anvilBinary, rpc, startAnvil } from "./anvil.mjs";

/** What Multicall3's creation code leaves on the chain: a node runs it for us. */
export async function multicall3Runtime() {
  const node = await startAnvil();
  try {
    return await rpc(node.url, "eth_call", [{ data: multicall3Bytecode }, "latest"]);
  } finally {
    await node.stop();
  }
}

/** Writes beside and renames, so that a node that runs from the old file keeps it. */
function replace(folder, name, write) {
  const beside = join(folder, `${name}.${process.pid}.new`);
  write(beside);
  renameSync(beside, join(folder, name));
}

async function assemble(folder) {
  const here = dirname(fileURLToPath(import.meta.url));
  const multicall3 = await multicall3Runtime();
  mkdirSync(folder, { recursive: true });
  replace(folder, basename(anvilBinary()), (path) => {
    copyFileSync(anvilBinary(), path);
    chmodSync(path, 0o755);
  });
  replace(folder, "multicall3.hex", (path) => writeFileSync(path, multicall3.slice(2)));
  replace(folder, "practice-token.json", (path) =>
    copyFileSync(join(here, "artifacts", "practice-token.json"), path),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (!folder) {
    console.error("usage: node resources.mjs FOLDER");
    process.exit(2);
  }
  await assemble(folder);
  console.log(`practice resources are in ${folder}`);
}
