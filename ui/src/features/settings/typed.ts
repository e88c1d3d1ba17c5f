import { formatDecimal } from "../../lib/money";

/** An exact decimal as somebody would type it here: with this language's marks, without spaces. */
export function asTyped(decimal: string): string {
  return formatDecimal(decimal).replaceAll(/[\s\u00a0\u202f]/g, "");
}
