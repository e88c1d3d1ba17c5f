import type { EndpointAdd } from "../../api/generated/EndpointAdd";
import type { EndpointEdit } from "../../api/generated/EndpointEdit";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { MoneyView } from "../../api/generated/MoneyView";
import type { Clock } from "./clock";
import { contentOf, serviceOf, textOf } from "./content";
import type { Events } from "./events";
import { money, price } from "./money";
import { coverOf, setCover } from "./pictures";
import { previewOf, pricesOf, quotaOf } from "./prices";
import { hex } from "./random";
import { type Endpoint, NETWORK, USDC, WINDOW } from "./records";
import { refuse } from "./refuse";
import type { Sums } from "./sums";
import { noteVersion, ownersGetOf } from "./versions";

const LONGEST_TITLE = 200;
const LONGEST_DESCRIPTION = 2_000;

/** What the stall sells. */
export class Shelf {
  /** Removed ones too, oldest first: payments point at them. */
  readonly endpoints: Endpoint[] = [];
  readonly #seed: number;
  readonly #clock: Clock;
  readonly #events: Events;

  constructor(seed: number, clock: Clock, events: Events) {
    this.#seed = seed;
    this.#clock = clock;
    this.#events = events;
  }

  /** Puts something up, as the app would. */
  add(request: EndpointAdd): Endpoint {
    const amount = price(request.price);
    this.#free(canonical(request.path));
    const { content, name, body } = contentOf(request, this.#seed);
    const title = titled(request.title) ?? name;
    const mode = request.mode ?? "batched";
    if (mode !== "batched" && mode !== "instant") {
      throw refuse("invalid_request", `"${mode}" is not a mode; choose batched or instant.`);
    }
    const place = this.endpoints.length;
    const endpoint: Endpoint = {
      id: uuid(this.#seed, place),
      path: request.path,
      title,
      description: described(request.description ?? ""),
      listed: request.listed ?? true,
      state: "live",
      removedFrom: "live",
      mode,
      ownedFor: request.ownedFor ?? (request.service === undefined ? "30d" : "0"),
      price: amount,
      priceVersion: 1,
      content,
      body,
      fileState: "ok",
      createdAt: this.#clock.now(),
    };
    if (request.cover !== undefined) {
      setCover(endpoint, request.cover, this.#seed);
    }
    noteVersion(endpoint, endpoint.createdAt);
    this.endpoints.push(endpoint);
    this.#events.changed("endpoints");
    return endpoint;
  }

  /** The endpoint of that path or id; a removed one only by its id. */
  find(name: string): Endpoint {
    const found = this.endpoints.find(
      ({ id, path, state }) => id === name || (state !== "removed" && path === name),
    );
    if (found === undefined) {
      throw refuse("not_found", `There is no endpoint ${name.slice(0, 100)}.`);
    }
    return found;
  }

  /** Changes what is said of it, or its text. */
  edit(request: EndpointEdit): Endpoint {
    const endpoint = this.find(request.endpoint);
    if (request.text !== undefined) {
      if (endpoint.content.kind !== "text") {
        throw refuse("conflict", "Only a text is changed here.");
      }
      const { name, mediaType } = endpoint.content;
      endpoint.content = textOf({ body: request.text, fileName: name, mediaType }, this.#seed);
      endpoint.body = request.text;
      noteVersion(endpoint, this.#clock.now());
    }
    if (request.service !== undefined) {
      if (endpoint.content.kind !== "service") {
        throw refuse("invalid_request", "Only a service has what is passed on to it.");
      }
      endpoint.content = serviceOf(request.service, endpoint.content);
    }
    endpoint.title = titled(request.title) ?? endpoint.title;
    endpoint.description = described(request.description ?? endpoint.description);
    endpoint.listed = request.listed ?? endpoint.listed;
    this.#events.changed("endpoints");
    return endpoint;
  }

  /** All of a text that is sold. */
  body(name: string): string {
    const { body } = this.find(name);
    if (body === null) {
      throw refuse("conflict", "Only a text can be read here.");
    }
    return body;
  }

  /** Changes a price. */
  reprice(endpoint: Endpoint, text: string): void {
    if (endpoint.state === "removed") {
      throw refuse("conflict", "The endpoint was removed.");
    }
    endpoint.price = price(text);
    endpoint.priceVersion += 1;
    this.#events.changed("endpoints");
  }

  /** Pauses, resumes or removes. */
  put(endpoint: Endpoint, state: Endpoint["state"]): void {
    if (endpoint.state === "removed" && state !== "removed") {
      throw refuse("conflict", "The endpoint was removed.");
    }
    if (endpoint.state !== "removed") {
      endpoint.removedFrom = endpoint.state;
    }
    endpoint.state = state;
    this.#events.changed("endpoints");
  }

  /** Sells the file as it is now, or another one. */
  publishAgain(endpoint: Endpoint, from?: string): void {
    if (endpoint.state === "removed") {
      throw refuse("conflict", "The endpoint was removed.");
    }
    const { content } = endpoint;
    if (from !== undefined && (content.kind === "file" || content.kind === "folder")) {
      const ware = content.kind === "file" ? { file: from } : { folder: { ...content, path: from } };
      endpoint.content = contentOf({ ...ware, path: "", price: "" }, this.#seed).content;
    } else if (endpoint.fileState === "missing") {
      throw refuse("file", `${endpoint.path}: the file is missing.`);
    }
    noteVersion(endpoint, this.#clock.now());
    endpoint.fileState = "ok";
    this.#events.changed("endpoints");
  }

  /** Takes a removal back, unless something else is sold there by now. */
  restore(endpoint: Endpoint): void {
    if (endpoint.state !== "removed") {
      throw refuse("conflict", "The endpoint was not removed.");
    }
    this.#free(endpoint.path);
    endpoint.state = endpoint.removedFrom;
    this.#events.changed("endpoints");
  }

  #isTaken(path: string): boolean {
    return this.endpoints.some((endpoint) => endpoint.state !== "removed" && endpoint.path === path);
  }

  #free(path: string): void {
    if (this.#isTaken(path)) {
      throw refuse("conflict", `${path} is already the path of another endpoint.`);
    }
  }
}

/** An endpoint as every screen gets it. */
export function endpointView(
  endpoint: Endpoint,
  url: string | null,
  payTo: string,
  sums: Sums,
  lately: (days: number) => MoneyView,
): EndpointView {
  const of = { endpoint: endpoint.id };
  const own = sums.summary(of);
  return {
    id: endpoint.id,
    path: endpoint.path,
    url:
      url === null
        ? null
        : `${url}${endpoint.path}${endpoint.content.kind === "service" ? endpoint.content.pattern : ""}`,
    title: endpoint.title,
    description: endpoint.description,
    listed: endpoint.listed,
    state: endpoint.state,
    mode: endpoint.mode,
    ownedFor: endpoint.ownedFor,
    ownersGet: ownersGetOf(endpoint),
    ...money(endpoint.price),
    priceVersion: endpoint.priceVersion,
    network: NETWORK,
    payTo,
    windowSeconds: WINDOW,
    offers: [
      {
        network: NETWORK,
        networkTitle: "Base Sepolia",
        ...money(endpoint.price),
        asset: USDC,
        payTo,
        windowSeconds: WINDOW,
        priceVersion: endpoint.priceVersion,
        ready: true,
      },
    ],
    prices: pricesOf(endpoint, url),
    preview: previewOf(endpoint),
    cover: coverOf(endpoint),
    ...quotaOf(endpoint),
    content: endpoint.content,
    fileState: endpoint.fileState,
    createdAt: endpoint.createdAt,
    sales: sums.total(of, (state) => state !== "voided").payments,
    settled: money(BigInt(own.settled.amount)),
    pending: money(BigInt(own.pending.amount)),
    settledToday: lately(1),
    settledWeek: lately(7),
    settledMonth: lately(30),
  };
}

function titled(title: string | undefined): string | null {
  const text = title?.trim() ?? "";
  if ([...text].length > LONGEST_TITLE) {
    throw refuse("invalid_request", `The title has more than ${LONGEST_TITLE} characters.`);
  }
  return text === "" ? null : text;
}

function described(description: string): string {
  const text = description.trim();
  if ([...text].length > LONGEST_DESCRIPTION) {
    throw refuse("invalid_request", `The description has more than ${LONGEST_DESCRIPTION} characters.`);
  }
  return text;
}

function uuid(seed: number, place: number): string {
  const digits = hex(16, seed, place, 6);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
}

/** Refuses every path but one in its only spelling. */
function canonical(path: string): string {
  const wrong = (why: string) => refuse("invalid_request", why);
  if (!path.startsWith("/") || path.length < 2) {
    throw wrong("A path begins with a slash and names something, such as /guide.");
  }
  if (path.length > 512) {
    throw wrong("A path has at most 512 characters.");
  }
  const parts = path.slice(1).split("/");
  if (parts.includes("")) {
    throw wrong("A path has no empty parts: no double slash, no slash at the end.");
  }
  if (parts.includes(".") || parts.includes("..")) {
    throw wrong("A path has no . or .. parts.");
  }
  const letter = /[^a-zA-Z0-9\-._~/]/u.exec(path)?.[0];
  if (letter !== undefined) {
    throw wrong(`A path is made of letters a-z and A-Z, digits and - . _ ~; '${letter}' is none of them.`);
  }
  if (parts[0] === ".well-known" || parts[0] === ".stallkeeper") {
    throw wrong("Paths under /.well-known and /.stallkeeper are kept for Stallkeeper itself.");
  }
  return path;
}
