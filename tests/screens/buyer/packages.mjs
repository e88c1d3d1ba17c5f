// What the published clients and wallets are made of, from the packages of the page itself.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export const PAGE = new URL("../../../ui/buyer/", import.meta.url);

const resolve = createRequire(new URL("package.json", PAGE)).resolve;
const load = (name) => import(pathToFileURL(resolve(name)).href);

export const { decodePaymentSignatureHeader, encodePaymentRequiredHeader } = await load("@x402/core/http");
export const { authorizationTypes } = await load("@x402/evm");
export const { recoverTypedDataAddress, recoverMessageAddress } = await load("viem");
export const { createSiweMessage } = await load("viem/siwe");
export const { privateKeyToAccount } = await load("viem/accounts");
