/** Reading what came from outside: nothing is believed to have a shape before it was looked at. */

export type Fields = Record<string, unknown>;

export function asRecord(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The same for what should have a shape: its names are known, its values are not believed. */
export function asShape<Shape>(value: unknown): { [Name in keyof Shape]?: unknown } | null {
  return asRecord(value) as { [Name in keyof Shape]?: unknown } | null;
}

export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A whole number of zero or more that JSON carried without loss. */
export function asCount(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
