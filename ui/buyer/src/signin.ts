import { getAddress } from "viem/utils";
import type { PaymentRequired } from "./contract";
import { asRecord, asText, type Fields } from "./read";
import { encodeHeader } from "./wire";

/** What the seller asks a wallet to sign so that it is known as the one that paid: no payment (EIP-4361). */
export interface SignIn {
  /** Everything but `address`, `signature`, as the header repeats it. */
  fields: Fields;
  text: string;
}

/** The question of `sign-in-with-x`, for a wallet; `null` where the seller does not ask or asks for another place. */
export function signInFor(terms: PaymentRequired, payer: string, origin: string): SignIn | null {
  const extension = asRecord(terms.extensions?.["sign-in-with-x"]);
  const info = asRecord(extension?.info);
  const chains = Array.isArray(extension?.supportedChains) ? extension.supportedChains : [];
  const chain = chains.map(asRecord).find((entry) => asText(entry?.chainId)?.startsWith("eip155:"));
  const chainId = asText(chain?.chainId);
  const domain = asText(info?.domain);
  const uri = asText(info?.uri);
  const nonce = asText(info?.nonce);
  const issuedAt = asText(info?.issuedAt);
  if (info === null || !chainId || !domain || !uri || !nonce || !issuedAt) {
    return null;
  }
  // A sign-in for another place than the one it is shown at would let this page act there in the buyer's name.
  if (new URL(origin).host !== domain || !URL.canParse(uri) || new URL(uri).origin !== origin) {
    return null;
  }
  const address = getAddress(payer);
  const version = asText(info.version) ?? "1";
  const statement = asText(info.statement);
  const expires = asText(info.expirationTime);
  const resources = Array.isArray(info.resources)
    ? info.resources.filter((entry) => typeof entry === "string")
    : [];
  const lines = [
    `${domain} wants you to sign in with your Ethereum account:`,
    address,
    "",
    ...(statement === null ? [] : [statement]),
    "",
    `URI: ${uri}`,
    `Version: ${version}`,
    `Chain ID: ${chainId.slice("eip155:".length)}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt}`,
    ...(expires === null ? [] : [`Expiration Time: ${expires}`]),
    ...(resources.length === 0 ? [] : ["Resources:", ...resources.map((entry) => `- ${entry}`)]),
  ];
  const fields = { ...info, version, chainId, type: asText(chain?.type) ?? "eip191", address };
  return { fields, text: lines.join("\n") };
}

/** The header `SIGN-IN-WITH-X`. */
export function signInHeader(signIn: SignIn, signature: string): string {
  return encodeHeader({ ...signIn.fields, signature });
}
