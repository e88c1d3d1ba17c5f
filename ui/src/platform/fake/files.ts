import { mixed, ofText } from "./random";
import { refuse } from "./refuse";

const MEDIA_TYPES: Record<string, string> = {
  csv: "text/csv",
  epub: "application/epub+zip",
  jpg: "image/jpeg",
  json: "application/json",
  mp3: "audio/mpeg",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
  wav: "audio/wav",
  zip: "application/zip",
};

/** A file on the computer of a stall in memory. */
export interface File {
  path: string;
  name: string;
  /** A name for people. */
  title: string;
  bytes: number;
  mediaType: string;
  /** Where it could be sold, if nothing else is sold there. */
  slug: string;
}

/**
 * Every path names a file, but for those that say themselves what is wrong with them: `missing`,
 * `folder`, `unreadable`, `empty` or `stallkeeper-data` somewhere in it.
 */
export function inspected(path: string): File {
  const trouble = (why: string) => refuse("file", `${path}: ${why}.`);
  if (path.includes("missing")) {
    throw trouble("the file is missing");
  }
  if (path.includes("folder") || path.endsWith("/")) {
    throw trouble("it is not a file; to sell a folder, pack it into a ZIP file");
  }
  if (path.includes("unreadable")) {
    throw trouble("the file cannot be read: permission denied");
  }
  if (path.includes("empty")) {
    throw trouble("the file is empty");
  }
  if (path.includes("stallkeeper-data")) {
    throw trouble("files of the data folder are never sold");
  }
  const name = path.split(/[/\\]/).at(-1) ?? path;
  const [, stem = name, ending = ""] = /^(.+)\.([^.]+)$/.exec(name) ?? [];
  const title = stem.replaceAll("_", " ").trim();
  const slug = stem
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return {
    path,
    name,
    title: title || name,
    bytes: 40_000 + (mixed(ofText(path)) % 9_000_000),
    mediaType: MEDIA_TYPES[ending.toLowerCase()] ?? "application/octet-stream",
    slug: `/${slug || "file"}`,
  };
}
