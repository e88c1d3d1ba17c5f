import type { InspectedFileView } from "../../api/generated/InspectedFileView";
import type { InspectedFolderView } from "../../api/generated/InspectedFolderView";
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

const FOLDER: InspectedFolderView = {
  files: 12,
  leftOutCount: 3,
  leftOut: [
    { name: ".DS_Store", reason: "hidden" },
    { name: "backup/id_rsa", reason: "looks_secret" },
    { name: "notes.txt", reason: "empty" },
  ],
};

/**
 * Every path names a file, and one that ends in a slash names a folder; but for those that say themselves
 * what is wrong with them: `missing`, `unreadable`, `empty` or `stallkeeper-data` somewhere in it.
 */
export function inspected(path: string): InspectedFileView {
  const trouble = (why: string) => refuse("file", `${path}: ${why}.`);
  if (path.includes("missing")) {
    throw trouble("the file is missing");
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
  const isFolder = path.endsWith("/");
  const name = path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
  const [, stem = name, ending = ""] = /^(.+)\.([^.]+)$/.exec(name) ?? [];
  const title = stem.replaceAll("_", " ").trim();
  return {
    path: isFolder ? path.slice(0, -1) : path,
    name,
    title: title || name,
    bytes: 40_000 + (mixed(ofText(path)) % 9_000_000),
    mediaType:
      MEDIA_TYPES[ending.toLowerCase()] ?? (isFolder ? "application/zip" : "application/octet-stream"),
    folder: isFolder ? FOLDER : null,
  };
}
