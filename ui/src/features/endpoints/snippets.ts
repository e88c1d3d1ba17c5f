/** What a buyer's program needs to know of what it buys. */
export interface Ware {
  url: string;
  /** How it is asked: `GET` for whatever is downloaded, another for some services. */
  method: string;
  /** The price as an exact decimal. */
  price: string;
  /** Under which plain name it is saved; null where the answer is shown, as a service's is. */
  saveAs: string | null;
}

/** From which price on the published clients want to be told that it may cost that much: a dollar. */
const CLIENT_LIMIT = /^1(\.0+)?$|^0(\.\d+)?$/;

/** With these a body goes along. */
const WITH_BODY = ["POST", "PUT", "PATCH"];

/** A plain name for what was bought: the link's, with the file's ending. */
export function savedAs(path: string, fileName: string): string {
  const name = (path.split("/").at(-1) ?? "").slice(0, 60);
  const ending = /\.[a-zA-Z0-9]{1,8}$/.exec(fileName)?.[0] ?? "";
  return name.toLowerCase().endsWith(ending.toLowerCase()) ? name : name + ending;
}

/** Asks without paying: the answer is the price. */
export function curlSnippet({ url, method }: Ware): string {
  const how = method === "GET" ? "" : ` -X ${method}`;
  const body = hasBody(method) ? " -H 'content-type: application/json' -d '{}'" : "";
  return `# Shows the terms: 402 Payment Required, and nothing that is sold.
curl -i${how}${body} '${url.replaceAll("'", "%27")}'`;
}

/** Buys with `@x402/fetch`. */
export function fetchSnippet(ware: Ware): string {
  const { url, method, saveAs } = ware;
  const body = hasBody(method)
    ? `, headers: { "content-type": "application/json" }, body: JSON.stringify({})`
    : "";
  const how = method === "GET" ? "" : `, { method: "${method}"${body} }`;
  const end =
    saveAs === null
      ? "console.log(await answer.text());"
      : `await writeFile(${JSON.stringify(saveAs)}, Buffer.from(await answer.arrayBuffer()));`;
  return `// npm install @x402/fetch @x402/evm viem tsx
// KEY=0x… npx tsx buy.mts
${files(saveAs)}import { registerExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { privateKeyToAccount } from "viem/accounts";

${signer(ware)}
const pay = wrapFetchWithPayment(fetch, client);

const answer = await pay(${JSON.stringify(url)}${how});
if (!answer.ok) throw new Error(\`\${answer.status} \${await answer.text()}\`);
${end}
`;
}

/** Buys with `@x402/axios`. */
export function axiosSnippet(ware: Ware): string {
  const { url, method, saveAs } = ware;
  const data = hasBody(method) ? ", data: {}" : "";
  const end =
    saveAs === null ? "console.log(data);" : `await writeFile(${JSON.stringify(saveAs)}, Buffer.from(data));`;
  return `// npm install @x402/axios @x402/evm axios viem tsx
// KEY=0x… npx tsx buy.mts
${files(saveAs)}import { wrapAxiosWithPayment, x402Client } from "@x402/axios";
import { registerExactEvmScheme } from "@x402/evm/exact/client";
import axios from "axios";
import { privateKeyToAccount } from "viem/accounts";

${signer(ware)}
const pay = wrapAxiosWithPayment(axios.create({ responseType: "${saveAs === null ? "text" : "arraybuffer"}" }), client);

const { data } = await pay.request({ method: "${method}", url: ${JSON.stringify(url)}${data} });
${end}
`;
}

/** Buys with the Python package `x402`. */
export function pythonSnippet(ware: Ware): string {
  const { url, method, saveAs } = ware;
  const limit = CLIENT_LIMIT.test(ware.price)
    ? ""
    : `\nclient.set_spend_controls({"max_amount_per_payment": "$${ware.price}"})`;
  const body = hasBody(method) ? ", json={}" : "";
  const path = saveAs === null ? "" : "from pathlib import Path\n";
  const end =
    saveAs === null ? "print(answer.text)" : `Path(${JSON.stringify(saveAs)}).write_bytes(answer.content)`;
  return `# pip install "x402[clients,evm]"
# KEY=0x… python buy.py
import asyncio
import os
${path}
from eth_account import Account
from x402 import x402Client
from x402.http.clients.httpx import x402HttpxClient
from x402.mechanisms.evm.exact import register_exact_evm_client

signer = Account.from_key(os.environ["KEY"])
client = register_exact_evm_client(x402Client(), signer)${limit}


async def buy():
    async with x402HttpxClient(client, timeout=60) as http:
        answer = await http.request("${method}", ${JSON.stringify(url)}${body})
        answer.raise_for_status()
        ${end}


asyncio.run(buy())
`;
}

function hasBody(method: string): boolean {
  return WITH_BODY.includes(method);
}

function files(saveAs: string | null): string {
  return saveAs === null ? "" : 'import { writeFile } from "node:fs/promises";\n';
}

/** Who pays, and up to how much where that is more than the clients pay by themselves. */
function signer({ price }: Ware): string {
  const limit = CLIENT_LIMIT.test(price)
    ? ""
    : `\nclient.setSpendControls({ maxAmountPerPayment: "$${price}" });`;
  return `const signer = privateKeyToAccount(process.env.KEY as \`0x\${string}\`);
const client = registerExactEvmScheme(new x402Client(), { signer });${limit}`;
}

/** A link with what buyers choose of it filled in, by its name. */
export function filledIn(url: string): string {
  return url.replaceAll(/\{\*?([^}]*)\}/g, "$1");
}
