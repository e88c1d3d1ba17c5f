// EIP-3009 messages as a wallet signs them.
import { concat, hexToBigInt, keccak256, parseSignature, size, slice, toHex } from "viem";
import { token } from "./chain.mjs";

const domain = { name: "USDC", version: "2", chainId: 84532, verifyingContract: token };
const movement = ["address from", "address to", "uint256 value", "uint256 validAfter", "uint256 validBefore"];
const fields = (texts) => texts.map((text) => ({ type: text.split(" ")[0], name: text.split(" ")[1] }));
export const types = {
  TransferWithAuthorization: fields([...movement, "bytes32 nonce"]),
  ReceiveWithAuthorization: fields([...movement, "bytes32 nonce"]),
  CancelAuthorization: fields(["address authorizer", "bytes32 nonce"]),
};

let counter = 0;
/** A nonce no other call of this process gives. */
export function freshNonce() {
  counter += 1;
  return keccak256(toHex(`nonce ${counter}`));
}

/** Signs `primaryType`; `signer` may sign in the name of another `from` or `authorizer`. */
export function sign(signer, primaryType, message) {
  return signer.signTypedData({ domain, types, primaryType, message });
}

/** A transfer that is valid from the epoch until far away, with what is given in its place. */
export function transfer(from, to, value, rest = {}) {
  return { from, to, value, validAfter: 0n, validBefore: 2n ** 40n, nonce: freshNonce(), ...rest };
}

const ordered = ({ from, to, value, validAfter, validBefore, nonce }) => [
  from,
  to,
  value,
  validAfter,
  validBefore,
  nonce,
];
/** The arguments of the (v, r, s) overload. */
export function withParts(message, signature) {
  const { r, s } = parseSignature(signature);
  return [...ordered(message), Number(slice(signature, 64)), r, s];
}
/** The arguments of the `bytes` overload. */
export function withBytes(message, signature) {
  return [...ordered(message), signature];
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** The other signature of the same message, with s in the upper half of the order. */
export function highTwin(signature) {
  if (size(signature) !== 65) throw new Error("not a 65-byte signature");
  const s = toHex(ORDER - hexToBigInt(slice(signature, 32, 64)), { size: 32 });
  const v = slice(signature, 64) === "0x1b" ? "0x1c" : "0x1b";
  return concat([slice(signature, 0, 32), s, v]);
}
/** The same signature with v counted from `base`. */
export function recoveryFrom(base, signature) {
  const parity = Number(slice(signature, 64)) - 27;
  return concat([slice(signature, 0, 64), toHex(base + parity, { size: 1 })]);
}
