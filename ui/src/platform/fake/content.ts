import type { ContentView } from "../../api/generated/ContentView";
import type { EndpointAdd } from "../../api/generated/EndpointAdd";
import type { EndpointTested } from "../../api/generated/EndpointTested";
import type { ServiceSet } from "../../api/generated/ServiceSet";
import type { ServiceView } from "../../api/generated/ServiceView";
import type { TextAdd } from "../../api/generated/TextAdd";
import { inspected } from "./files";
import { hex, ofText } from "./random";
import { refuse } from "./refuse";

const LONGEST_TEXT = 1_048_576;

interface Ware {
  content: ContentView;
  /** What it is called unless the seller says otherwise. */
  name: string;
  /** All of a text. */
  body: string | null;
}

const ONE_OF_THEM = "Say what to sell: a file, a folder, a text or a service, and only one of them.";

/** What is put up for sale: a file, a folder, a text or a service. */
export function contentOf({ file, folder, text, service }: EndpointAdd, seed: number): Ware {
  if ([file, folder, text, service].filter((ware) => ware !== undefined).length !== 1) {
    throw refuse("invalid_request", ONE_OF_THEM);
  }
  if (service !== undefined) {
    return { content: serviceOf(service), name: "Service", body: null };
  }
  if (text !== undefined) {
    return { content: textOf(text, seed), name: "Text", body: text.body };
  }
  const found = inspected(file ?? folder?.path ?? "");
  const { path, name, mediaType, bytes } = found;
  if (file !== undefined) {
    const sha256 = hex(32, seed, ofText(path));
    return { content: { kind: "file", path, name, mediaType, bytes, sha256 }, name, body: null };
  }
  const soldAs = folder?.soldAs ?? "files";
  const files = found.folder?.files ?? 0;
  return { content: { kind: "folder", path, soldAs, files, bytes }, name, body: null };
}

/** A text as it is sold. */
export function textOf({ body, fileName, mediaType }: TextAdd, seed: number): ContentView {
  const bytes = new TextEncoder().encode(body).length;
  if (bytes === 0) {
    throw refuse("invalid_request", "The text is empty.");
  }
  if (bytes > LONGEST_TEXT) {
    throw refuse("invalid_request", "The text is longer than 1 MB; sell it as a file.");
  }
  const isJson = /^\s*[{[]/.test(body) && isParsed(body);
  return {
    kind: "text",
    name: fileName ?? (isJson ? "data.json" : "text.txt"),
    mediaType: mediaType ?? (isJson ? "application/json" : "text/plain; charset=utf-8"),
    bytes,
    sha256: hex(32, seed, ofText(body)),
  };
}

/** A service as it is sold: what is left out is as it was, or as it is by default. */
export function serviceOf(set: ServiceSet, before?: ServiceView): ContentView {
  const upstream = (set.upstream ?? before?.upstream ?? "").replace(/\/+$/, "");
  if (!/^https?:\/\/[^/?#@]+[^?#@]*$/.test(upstream)) {
    throw refuse("invalid_request", "An address begins with https:// or http:// and names a host.");
  }
  const isRemote = set.remote ?? before?.isRemote ?? false;
  const { hostname } = new URL(upstream);
  if (!isRemote && !/^(localhost|127\..*|\[::1\])$/.test(hostname)) {
    const why = "If the program is to be asked there, allow it with the switch below its address.";
    throw refuse("invalid_request", `${hostname} is not this computer. ${why}`);
  }
  return {
    kind: "service",
    upstream,
    isRemote,
    pattern: set.pattern ?? before?.pattern ?? "",
    methods: set.methods ?? before?.methods ?? ["GET"],
    requestHeaders: set.requestHeaders ?? before?.requestHeaders ?? [],
    answerHeaders: set.answerHeaders ?? before?.answerHeaders ?? [],
    longestRequest: set.longestRequest ?? before?.longestRequest ?? 1_048_576,
    longestAnswer: set.longestAnswer ?? before?.longestAnswer ?? 8_388_608,
    patienceSeconds: set.patienceSeconds ?? before?.patienceSeconds ?? 30,
  };
}

/** Tries a service: all of them answer well but those on port 9, where nobody listens. */
export function tested(content: ContentView): EndpointTested {
  if (content.kind !== "service") {
    throw refuse("conflict", "Only services are tried.");
  }
  if (new URL(content.upstream).port === "9") {
    const message = "Nothing answers there; is the program running?";
    return { well: false, message, status: null, milliseconds: null, mediaType: null };
  }
  const message = "It answered with 200: a buyer would be charged for that.";
  return { well: true, message, status: 200, milliseconds: 12, mediaType: "application/json" };
}

function isParsed(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
