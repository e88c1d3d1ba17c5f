import { formatDecimal, parseAmount } from "../../lib/money";

/** An exact decimal as somebody would type it here: with this language's marks, without spaces. */
export function asTyped(decimal: string): string {
  return formatDecimal(decimal).replaceAll(/[\s\u00a0\u202f]/g, "");
}

/** The positive amount that was typed, nothing where nothing was, null where it is none. */
export function readAmount(text: string, places: number): string | null {
  const { value, problem } = parseAmount(text, places);
  return problem === "empty" ? "" : value;
}
