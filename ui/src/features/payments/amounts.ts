import { longest, mostPlaces } from "../../lib/money";

interface Page {
  readonly items: readonly { readonly formatted: string }[];
}

/** What the amounts of a page take: decimals, and characters but for those. */
interface Widths {
  places: number;
  rest: number;
}

/** Of a long list all pages but the newest are known: what they take is not counted again whenever one comes. */
const measured = new WeakMap<Page, Widths>();

/** The most decimals that one of the amounts is written with, and how long the longest is once all are lined up. */
export function widthsOf(pages: readonly Page[]): { places: number; longest: number } {
  const widths = pages.map(measure);
  const places = Math.max(0, ...widths.map((width) => width.places));
  const rest = Math.max(0, ...widths.map((width) => width.rest));
  return { places, longest: places + rest };
}

function measure(page: Page): Widths {
  const known = measured.get(page);
  if (known !== undefined) {
    return known;
  }
  const amounts = page.items.map(({ formatted }) => formatted);
  const places = mostPlaces(amounts);
  const widths = { places, rest: longest(amounts, places) - places };
  measured.set(page, widths);
  return widths;
}
