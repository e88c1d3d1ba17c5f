/** What a buyer's program needs to know of an endpoint. */
interface Ware {
  url: string;
  path: string;
  /** The price as an exact decimal. */
  price: string;
  /** The name of the file, for its ending. */
  fileName: string;
}

/** From which price on the published clients want to be told that it may cost that much: a dollar. */
const CLIENT_LIMIT = /^1(\.0+)?$|^0(\.\d+)?$/;

/** A plain name for what was bought: the link's, with the file's ending. */
export function savedAs({ path, fileName }: Pick<Ware, "path" | "fileName">): string {
  const name = (path.split("/").at(-1) ?? "").slice(0, 60);
  const ending = /\.[a-zA-Z0-9]{1,8}$/.exec(fileName)?.[0] ?? "";
  return name.toLowerCase().endsWith(ending.toLowerCase()) ? name : name + ending;
}

/** Asks without paying: the answer is the price. */
export function curlSnippet({ url }: Ware): string {
  return `# Shows the terms: 402 Payment Required, and no file.
curl -i '${url.replaceAll("'", "%27")}'`;
}

/** Buys with `@x402/fetch`. */
export function typeScriptSnippet(ware: Ware): string {
  const limit = CLIENT_LIMIT.test(ware.price)
    ? ""
    : `\nclient.setSpendControls({ maxAmountPerPayment: "$${ware.price}" });`;
  return `// npm install @x402/fetch @x402/evm viem tsx
// KEY=0x… npx tsx buy.mts
import { writeFile } from "node:fs/promises";
import { registerExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { privateKeyToAccount } from "viem/accounts";

const signer = privateKeyToAccount(process.env.KEY as \`0x\${string}\`);
const client = registerExactEvmScheme(new x402Client(), { signer });${limit}
const pay = wrapFetchWithPayment(fetch, client);

const answer = await pay(${JSON.stringify(ware.url)});
if (!answer.ok) throw new Error(\`\${answer.status} \${await answer.text()}\`);
await writeFile(${JSON.stringify(savedAs(ware))}, Buffer.from(await answer.arrayBuffer()));
`;
}

/** Buys with the Python package `x402`. */
export function pythonSnippet(ware: Ware): string {
  const limit = CLIENT_LIMIT.test(ware.price)
    ? ""
    : `\nclient.set_spend_controls({"max_amount_per_payment": "$${ware.price}"})`;
  return `# pip install "x402[clients,evm]"
# KEY=0x… python buy.py
import asyncio
import os
from pathlib import Path

from eth_account import Account
from x402 import x402Client
from x402.http.clients.httpx import x402HttpxClient
from x402.mechanisms.evm.exact import register_exact_evm_client

signer = Account.from_key(os.environ["KEY"])
client = register_exact_evm_client(x402Client(), signer)${limit}


async def buy():
    async with x402HttpxClient(client, timeout=60) as http:
        answer = await http.get(${JSON.stringify(ware.url)})
        answer.raise_for_status()
        Path(${JSON.stringify(savedAs(ware))}).write_bytes(answer.content)


asyncio.run(buy())
`;
}
