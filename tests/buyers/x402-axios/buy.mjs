// A buyer with axios and the published interceptor of protocol version 2.
import { decodePaymentResponseHeader, wrapAxiosWithPayment, x402Client } from "@x402/axios";
import { registerExactEvmScheme } from "@x402/evm/exact/client";
import axios from "axios";
import { privateKeyToAccount } from "viem/accounts";
import { installedClient, makePurchases, purchaseArguments } from "../purchases.mjs";

const { urls, key, times, maxUsdc, data: posted } = purchaseArguments();
const signer = privateKeyToAccount(key);
const client = registerExactEvmScheme(new x402Client(), { signer });
if (maxUsdc) client.registerPolicy((_version, offers) => offers.filter((offer) => BigInt(offer.amount) <= maxUsdc.atomic));
const api = wrapAxiosWithPayment(axios.create({ responseType: "arraybuffer", proxy: false }), client);

/** What axios answers, or throws because of its status, in the shape of fetch's answer. */
async function buy(address) {
  const json = { headers: { "content-type": "application/json" } };
  const asked = posted === undefined ? api.get(address) : api.post(address, posted, json);
  const { status, headers, data } = await asked.catch((error) => {
    if (error.response === undefined) throw error;
    return error.response;
  });
  return { status, headers: { get: (name) => headers.get(name) ?? null }, arrayBuffer: async () => data };
}

await makePurchases({
  client: installedClient("@x402/axios", import.meta.url),
  payer: signer.address,
  urls,
  times,
  wrap: () => buy,
  decode: decodePaymentResponseHeader,
  resultHeaders: ["payment-response", "x-payment-response"],
});
