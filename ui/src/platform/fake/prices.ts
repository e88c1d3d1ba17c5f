import type { FileView } from "../../api/generated/FileView";
import type { PriceChangeView } from "../../api/generated/PriceChangeView";
import type { PriceCheckView } from "../../api/generated/PriceCheckView";
import type { PriceHistory } from "../../api/generated/PriceHistory";
import type { PriceList } from "../../api/generated/PriceList";
import type { PriceRemove } from "../../api/generated/PriceRemove";
import type { PriceSet } from "../../api/generated/PriceSet";
import type { PriceVersionView } from "../../api/generated/PriceVersionView";
import type { PriceView } from "../../api/generated/PriceView";
import type { PriceWarningView } from "../../api/generated/PriceWarningView";
import { inspected } from "./files";
import { decimal, money, price } from "./money";
import { hex, ofText } from "./random";
import { type Endpoint, NETWORK } from "./records";
import { refuse } from "./refuse";

/** How long quotes in flight are honoured. */
const GRACE = 600_000;

interface Which {
  part: string;
  audience: "everybody" | "code" | "own";
  code: string | null;
}

interface Other extends Which {
  amount: bigint;
  version: number;
  since: number;
}

/** What an endpoint has beside its usual price. */
interface Book {
  others: Other[];
  ended: PriceVersionView[];
  changes: PriceChangeView[];
  free: string[];
  preview: FileView | null;
  freeADay: number | null;
  freeCountedBy: string | null;
}

const books = new WeakMap<Endpoint, Book>();
let changesPlanned = 0;

function bookOf(endpoint: Endpoint): Book {
  const found = books.get(endpoint);
  if (found !== undefined) {
    return found;
  }
  const book: Book = {
    others: [],
    ended: [],
    changes: [],
    free: [],
    preview: null,
    freeADay: null,
    freeCountedBy: null,
  };
  books.set(endpoint, book);
  return book;
}

/** Every price that holds now. */
export function pricesOf(endpoint: Endpoint, url: string | null): PriceView[] {
  const { others, free } = bookOf(endpoint);
  const usual: Other = {
    part: "",
    audience: "everybody",
    code: null,
    amount: endpoint.price,
    version: endpoint.priceVersion,
    since: endpoint.createdAt,
  };
  const link = (part: string, query: string) =>
    url === null ? null : `${url}${endpoint.path}${part === "" ? "" : `/${part}`}${query}`;
  const priced = [usual, ...others].map(
    ({ amount, ...other }): PriceView => ({
      ...other,
      price: money(amount),
      url: link(other.part, queryOf(other, amount)),
      networks: [NETWORK],
      warnings: warningsOf(amount),
    }),
  );
  const given = free.map(
    (part): PriceView => ({
      part,
      audience: "free",
      code: null,
      price: null,
      url: link(part, ""),
      networks: [],
      version: null,
      since: null,
      warnings: [],
    }),
  );
  return [...priced, ...given];
}

/** The file that everybody gets to see. */
export function previewOf(endpoint: Endpoint): FileView | null {
  return bookOf(endpoint).preview;
}

/** How many requests a day a service answers for nothing, and each time to the same what. */
export function quotaOf(endpoint: Endpoint): { freeADay: number | null; freeCountedBy: string | null } {
  const { freeADay, freeCountedBy } = bookOf(endpoint);
  return { freeADay, freeCountedBy };
}

export function setQuota(endpoint: Endpoint, requests: number | undefined, countedBy = "address"): void {
  if (endpoint.content.kind !== "service") {
    throw refuse(
      "invalid_request",
      "Only services answer so many requests for nothing. Set a preview instead.",
    );
  }
  bookOf(endpoint).freeADay = requests ?? null;
  bookOf(endpoint).freeCountedBy = requests === undefined ? null : countedBy;
}

export function setPreview(endpoint: Endpoint, path: string | undefined, seed: number): void {
  const book = bookOf(endpoint);
  if (path === undefined) {
    book.preview = null;
    return;
  }
  const { name, mediaType, bytes } = inspected(path);
  book.preview = { path, name, mediaType, bytes, sha256: hex(32, seed, ofText(path)) };
}

export function listPrices(endpoint: Endpoint, url: string | null): PriceList {
  const { changes } = bookOf(endpoint);
  return {
    endpoint: endpoint.id,
    path: endpoint.path,
    items: pricesOf(endpoint, url),
    changes: [...changes],
  };
}

export function setPrice(
  endpoint: Endpoint,
  request: PriceSet,
  now: number,
  reprice: (text: string) => void,
): void {
  const book = bookOf(endpoint);
  const which = whichOf(request);
  if (request.free === true) {
    if (request.price !== undefined || request.from !== undefined || which.audience !== "everybody") {
      throw refuse("invalid_request", "What is free has no price, no code and no beginning.");
    }
    book.free = [...book.free.filter((part) => part !== which.part), which.part];
    return;
  }
  if (request.price === undefined) {
    throw refuse("invalid_request", "Say the price, or that it is free.");
  }
  const amount = price(request.price);
  if (request.from !== undefined) {
    const beginsAt = Date.parse(request.from);
    if (!(beginsAt > now)) {
      throw refuse("invalid_request", `${request.from} is over. Leave it out to change the price now.`);
    }
    changesPlanned += 1;
    book.changes.push({ ...which, id: changesPlanned, price: decimal(amount), beginsAt });
    return;
  }
  if (which.audience === "everybody") {
    book.free = book.free.filter((part) => part !== which.part);
  }
  if (which.part === "" && which.audience === "everybody") {
    reprice(request.price);
    return;
  }
  end(book, which, now);
  endpoint.priceVersion += 1;
  book.others.push({ ...which, amount, version: endpoint.priceVersion, since: now });
}

export function removePrice(endpoint: Endpoint, request: PriceRemove, now: number): void {
  const book = bookOf(endpoint);
  const which = whichOf(request);
  if (request.free === true) {
    const left = book.free.filter((part) => part !== which.part);
    if (left.length === book.free.length) {
      throw refuse("not_found", "There is no such price.");
    }
    book.free = left;
    return;
  }
  if (which.part === "" && which.audience === "everybody") {
    throw refuse(
      "conflict",
      "The usual price can be changed but not removed. To sell nothing, pause or remove the endpoint.",
    );
  }
  if (!end(book, which, now)) {
    throw refuse("not_found", "There is no such price.");
  }
}

/** Calls a planned price off; answers whose it was. */
export function cancelPrice(endpoints: readonly Endpoint[], change: number): Endpoint {
  for (const endpoint of endpoints) {
    const book = bookOf(endpoint);
    if (book.changes.some(({ id }) => id === change)) {
      book.changes = book.changes.filter(({ id }) => id !== change);
      return endpoint;
    }
  }
  throw refuse("not_found", `There is no price that is to begin with the number ${change}.`);
}

export function priceHistory(endpoint: Endpoint): PriceHistory {
  const { others, ended } = bookOf(endpoint);
  const held = { network: NETWORK, endedAt: null, honouredUntil: null };
  const now = others.map(
    ({ amount, since, ...other }): PriceVersionView => ({
      ...other,
      ...money(amount),
      ...held,
      quotedAt: since,
    }),
  );
  const usual: PriceVersionView = {
    ...money(endpoint.price),
    ...held,
    version: endpoint.priceVersion,
    part: "",
    audience: "everybody",
    code: null,
    quotedAt: endpoint.createdAt,
  };
  return { items: [usual, ...now, ...ended].sort((one, other) => other.version - one.version) };
}

function end(book: Book, which: Which, now: number): boolean {
  const is = (other: Other) =>
    other.part === which.part && other.audience === which.audience && other.code === which.code;
  const ended = book.others.find(is);
  if (ended === undefined) {
    return false;
  }
  const { amount, since, ...other } = ended;
  book.others = book.others.filter((one) => one !== ended);
  book.ended.push({
    ...other,
    ...money(amount),
    network: NETWORK,
    quotedAt: since,
    endedAt: now,
    honouredUntil: now + GRACE,
  });
  return true;
}

function whichOf({ part = "", code, own = false }: PriceSet | PriceRemove): Which {
  if (code !== undefined && own) {
    throw refuse("invalid_request", "A price is either for a code or of the buyer's own choice.");
  }
  if (code !== undefined && !/^[\w-]{1,32}$/.test(code)) {
    throw refuse("invalid_request", "A discount code has 1 to 32 letters a-z and A-Z, digits, - and _.");
  }
  if (own) {
    return { part, audience: "own", code: null };
  }
  return { part, audience: code === undefined ? "everybody" : "code", code: code ?? null };
}

function queryOf({ audience, code }: Which, amount: bigint): string {
  if (audience === "everybody") {
    return "";
  }
  return audience === "code" ? `?code=${code}` : `?pay=${decimal(amount)}`;
}

function warningsOf(amount: bigint): PriceWarningView[] {
  const warnings: PriceWarningView[] = [];
  if (amount > 1_000_000n) {
    const sentence =
      "Most programs of version 2 pay no more than $1 unless their owner allowed it; people can.";
    warnings.push({ code: "above_v2_cap", sentence, network: NETWORK });
  }
  if (amount > 100_000n) {
    const sentence =
      "Some programs of version 1 pay no more than $0.10 unless their owner allowed it; people can.";
    warnings.push({ code: "above_v1_cap", sentence, network: NETWORK });
  }
  return warnings;
}

/** What settling one payment costs here, in millionths of a dollar. */
const SETTLING = 800n;

/** What to know of a price before it is asked. */
export function checkPrice(text: string): PriceCheckView {
  const amount = price(text);
  const warnings = warningsOf(amount);
  if (SETTLING * 5n > amount) {
    const sentence = `Settling one payment on Base Sepolia costs about $${decimal(SETTLING)} now, more than a fifth of this price.`;
    warnings.unshift({ code: "cost_above_fifth", sentence, network: NETWORK });
  }
  return { items: [{ network: NETWORK, title: "Base Sepolia", cost: money(SETTLING), warnings }] };
}
