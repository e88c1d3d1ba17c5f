// A buyer with the published client of protocol version 1.
import { privateKeyToAccount } from "viem/accounts";
import { createSigner, decodeXPaymentResponse, wrapFetchWithPayment } from "x402-fetch";
import { installedClient, makePurchases, purchaseArguments } from "../purchases.mjs";

const { urls, key, times, maxUsdc, data } = purchaseArguments();
const signer = await createSigner("base-sepolia", key);

await makePurchases({
  client: installedClient("x402-fetch", import.meta.url),
  payer: privateKeyToAccount(key).address,
  urls,
  data,
  times,
  wrap: (fetch) => wrapFetchWithPayment(fetch, signer, maxUsdc?.atomic),
  decode: decodeXPaymentResponse,
  resultHeaders: ["x-payment-response"],
});
