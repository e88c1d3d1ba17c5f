// A buyer with the published client of protocol version 2.
import { registerExactEvmScheme } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { concat, getAddress } from "viem";
import { privateKeyToAccount, toAccount } from "viem/accounts";
import { installedClient, makePurchases, purchaseArguments } from "../purchases.mjs";

const { urls, key, times, maxUsdc, account, data } = purchaseArguments();
const owner = privateKeyToAccount(key);
const signer = account ? smartAccount(getAddress(account)) : owner;

/** A smart account that is on chain already: its signature is what its own code makes of it, longer than a key's. */
function smartAccount(address) {
  const refuse = () => Promise.reject(new Error("a payment takes typed data"));
  const signTypedData = async (data) => concat([await owner.signTypedData(data), address]);
  return toAccount({ address, signMessage: refuse, signTransaction: refuse, signTypedData });
}
const client = registerExactEvmScheme(new x402Client(), { signer });
if (maxUsdc) client.setSpendControls({ maxAmountPerPayment: `$${maxUsdc.text}` });

await makePurchases({
  client: installedClient("@x402/fetch", import.meta.url),
  payer: signer.address,
  urls,
  data,
  times,
  wrap: (fetch) => wrapFetchWithPayment(fetch, client),
  decode: decodePaymentResponseHeader,
  resultHeaders: ["payment-response", "x-payment-response"],
});
