// The published x402 facilitator (`@x402/core`, `@x402/evm`) behind HTTP on this computer.
//
//   node facilitate.mjs --rpc URL --key 0x…   prints {"url": …} on a line of its own when it listens, and
//                                             {"settle": …} for each payment that it was asked to settle
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { x402Facilitator } from "@x402/core/facilitator";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import { ExactEvmSchemeV1 } from "@x402/evm/exact/v1/facilitator";
import { createWalletClient, http, publicActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";

const { values } = parseArgs({ options: { rpc: { type: "string" }, key: { type: "string" } } });
const account = privateKeyToAccount(values.key);
const wallet = createWalletClient({
  account,
  chain: baseSepolia,
  transport: http(values.rpc),
  pollingInterval: 100,
}).extend(publicActions);
const signer = toFacilitatorEvmSigner({
  address: account.address,
  readContract: (call) => wallet.readContract({ ...call, args: call.args ?? [] }),
  verifyTypedData: (data) => wallet.verifyTypedData(data),
  writeContract: (call) => wallet.writeContract({ ...call, args: call.args ?? [] }),
  sendTransaction: (transaction) => wallet.sendTransaction(transaction),
  waitForTransactionReceipt: (asked) => wallet.waitForTransactionReceipt(asked),
  getCode: (asked) => wallet.getCode(asked),
});
const facilitator = new x402Facilitator()
  .register("eip155:84532", new ExactEvmScheme(signer))
  .registerV1("base-sepolia", new ExactEvmSchemeV1(signer));

// One after the other, as one key's nonces have to be.
let turn = Promise.resolve();
const inTurn = (work) => {
  turn = turn.then(work, work);
  return turn;
};

async function answer(method, path, body) {
  if (method === "GET" && path === "/supported") {
    return facilitator.getSupported();
  }
  const { paymentPayload, paymentRequirements } = JSON.parse(body);
  if (path === "/verify") {
    return facilitator.verify(paymentPayload, paymentRequirements);
  }
  const settled = await inTurn(() => facilitator.settle(paymentPayload, paymentRequirements));
  console.log(JSON.stringify({ settle: settled, x402Version: paymentPayload.x402Version }));
  return settled;
}

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => {
    body += piece;
  });
  request.on("end", () => {
    answer(request.method, request.url, body).then(
      (said) => response.setHeader("content-type", "application/json").end(JSON.stringify(said)),
      (error) => {
        console.error(error);
        response.writeHead(500).end(JSON.stringify({ error: String(error) }));
      },
    );
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
});
