/** How finely a bar is drawn: a share of the whole height, because amounts never become numbers. */
export const FULL = 10_000;

const LINES = 4n;

/** The lines of a chart, from nothing to at least `most` atomic units, at amounts that are easily read. */
export function lines(most: bigint, decimals: number): bigint[] {
  const least = 10n ** BigInt(Math.max(0, decimals - 2));
  let step = least;
  // Steps of 1, 2, 5, 10, 20, 50, … hundredths; smaller ones where the amounts are.
  while (step > 1n && step * LINES > most * 10n && most > 0n) {
    step /= 10n;
  }
  const factors = [2n, 5n, 10n] as const;
  for (let unit = step, next = 0; step * LINES < most; next += 1) {
    const factor = factors[next % factors.length] ?? 10n;
    step = unit * factor;
    if (factor === 10n) {
      unit = step;
    }
  }
  const count = most === 0n ? LINES : (most + step - 1n) / step;
  return Array.from({ length: Number(count) + 1 }, (_, place) => BigInt(place) * step);
}

/** Which share of the height an amount takes. */
export function share(amount: bigint, top: bigint): number {
  return top === 0n ? 0 : Number((amount * BigInt(FULL)) / top);
}
