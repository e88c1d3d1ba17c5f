/** Headers of x402: base64 (the standard alphabet, padded) of JSON in UTF-8. */

export function encodeHeader(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** What a header says, or `null` where it cannot be read. */
export function decodeHeader(header: string | null): unknown {
  if (header === null) {
    return null;
  }
  try {
    const bytes = Uint8Array.from(atob(header), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
