import { getAddress } from "viem/utils";
import type { PaymentRequired } from "./contract";
import type { Choice } from "./offer";
import { asRecord, type Fields } from "./read";
import { encodeHeader } from "./wire";

/** An EIP-3009 authorization; numbers are decimal strings, times are seconds since 1970. */
export interface Authorization {
  from: string;
  to: string;
  value: string;
  validAfter: string;
  validBefore: string;
  nonce: string;
}

/** What is to be signed: exactly the price, to the seller, until the offer's window is over, once. */
export function authorizationFor(choice: Choice, payer: string, now: Date): Authorization {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    from: getAddress(payer),
    to: getAddress(choice.requirements.payTo),
    value: choice.requirements.amount,
    // As the published clients do: clocks that run slow must not make a payment early.
    validAfter: "0",
    validBefore: String(seconds + choice.requirements.maxTimeoutSeconds),
    nonce: `0x${randomHex(32)}`,
  };
}

/** The message of `eth_signTypedData_v4`. */
export function typedData(choice: Choice, authorization: Authorization): Fields {
  const { asset, extra } = choice.requirements;
  return {
    types: {
      EIP712Domain: [
        { name: "name", type: "string" },
        { name: "version", type: "string" },
        { name: "chainId", type: "uint256" },
        { name: "verifyingContract", type: "address" },
      ],
      TransferWithAuthorization: [
        { name: "from", type: "address" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "validAfter", type: "uint256" },
        { name: "validBefore", type: "uint256" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    domain: {
      name: extra.name,
      version: extra.version,
      chainId: choice.chainId,
      verifyingContract: getAddress(asset),
    },
    primaryType: "TransferWithAuthorization",
    message: { ...authorization },
  };
}

/** The header `PAYMENT-SIGNATURE`. */
export function paymentHeader(
  terms: PaymentRequired,
  choice: Choice,
  authorization: Authorization,
  signature: string,
): string {
  const extensions = identified(terms);
  return encodeHeader({
    x402Version: 2,
    resource: terms.resource,
    accepted: choice.requirements,
    payload: { signature, authorization },
    ...(extensions === null ? {} : { extensions }),
  });
}

/** The echo of `payment-identifier`, if the seller knows it: a name for this payment however often it is sent. */
function identified(terms: PaymentRequired): Fields | null {
  const offered = asRecord(terms.extensions?.["payment-identifier"]);
  if (offered === null) {
    return null;
  }
  return {
    "payment-identifier": { ...offered, info: { ...asRecord(offered.info), id: `buyer_${randomHex(16)}` } },
  };
}

/** From the browser's own source, which is there on plain http, too (unlike `randomUUID`). */
function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
