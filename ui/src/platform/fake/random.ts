/** A number of 32 bits that depends on nothing but its arguments, and looks as if it did not. */
export function mixed(seed: number, ...parts: number[]): number {
  let state = seed | 0;
  for (const part of parts) {
    state = Math.imul(state ^ (part | 0), 0x9e3779b1);
    state ^= state >>> 15;
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** So many bytes as hexadecimal digits. */
export function hex(bytes: number, seed: number, ...parts: number[]): string {
  let digits = "";
  for (let word = 0; digits.length < bytes * 2; word += 1) {
    digits += mixed(seed, ...parts, word)
      .toString(16)
      .padStart(8, "0");
  }
  return digits.slice(0, bytes * 2);
}

/** One of a list. */
export function pick<T>(list: readonly T[], seed: number, ...parts: number[]): T {
  return list[mixed(seed, ...parts) % list.length] as T;
}

/** A number for a text. */
export function ofText(text: string): number {
  let state = 0;
  for (const letter of text) {
    state = Math.imul(state, 31) + (letter.codePointAt(0) ?? 0);
  }
  return state | 0;
}
