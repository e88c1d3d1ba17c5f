import type { ContentView } from "../../api/generated/ContentView";
import type { EndpointAdd } from "../../api/generated/EndpointAdd";
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

/** What is put up for sale: a file, a folder or a text. */
export function contentOf({ file, folder, text }: EndpointAdd, seed: number): Ware {
  if ([file, folder, text].filter((ware) => ware !== undefined).length !== 1) {
    throw refuse("invalid_request", "Say what to sell: a file, a folder or a text, and only one of them.");
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

function isParsed(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
