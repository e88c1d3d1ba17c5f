// A buyer with the published client of protocol version 2.
import { registerExactEvmScheme } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { privateKeyToAccount } from "viem/accounts";
import { installedClient, makePurchases, purchaseArguments } from "../purchases.mjs";

const { url, key, times, maxUsdc } = purchaseArguments();
const signer = privateKeyToAccount(key);
const client = registerExactEvmScheme(new x402Client(), { signer });
if (maxUsdc) client.setSpendControls({ maxAmountPerPayment: `$${maxUsdc.text}` });

await makePurchases({
  client: installedClient("@x402/fetch", import.meta.url),
  payer: signer.address,
  url,
  times,
  wrap: (fetch) => wrapFetchWithPayment(fetch, client),
  decode: decodePaymentResponseHeader,
  resultHeaders: ["payment-response", "x-payment-response"],
});
