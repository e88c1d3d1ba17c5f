import type { ContentView } from "../../api/generated/ContentView";
import type { VersionList } from "../../api/generated/VersionList";
import type { VersionView } from "../../api/generated/VersionView";
import { hex, ofText } from "./random";
import type { Endpoint } from "./records";
import { refuse } from "./refuse";

interface Shelved {
  ownersGet: "newest" | "bought";
  /** The oldest first, with where each is. */
  versions: (VersionView & { path: string })[];
}

const shelves = new WeakMap<Endpoint, Shelved>();

function shelfOf(endpoint: Endpoint): Shelved {
  const found = shelves.get(endpoint);
  if (found !== undefined) {
    return found;
  }
  const shelf: Shelved = { ownersGet: "newest", versions: [] };
  shelves.set(endpoint, shelf);
  return shelf;
}

/** What tells one content from another. */
function digestOf(content: ContentView): string {
  return content.kind === "file" || content.kind === "text"
    ? content.sha256
    : hex(32, 1, ofText(JSON.stringify(content)));
}

/** Remembers what is sold from now on. */
export function noteVersion(endpoint: Endpoint, at: number): void {
  const { content } = endpoint;
  if (content.kind === "service") {
    return;
  }
  const { versions } = shelfOf(endpoint);
  const sha256 = digestOf(content);
  const rest = versions.filter((version) => version.sha256 !== sha256);
  const path = content.kind === "text" ? "" : content.path;
  const now = { part: "", sha256, bytes: content.bytes, publishedAt: at, bought: 0, path };
  versions.splice(0, versions.length, ...rest, { ...now, current: true, fileState: null });
}

export function ownersGetOf(endpoint: Endpoint): string {
  return shelfOf(endpoint).ownersGet;
}

/** Chooses what owners of an earlier version receive. */
export function setOwnersGet(endpoint: Endpoint, wanted: string): void {
  if (wanted !== "newest" && wanted !== "bought") {
    throw refuse("invalid_request", `"${wanted}" is nothing that owners get; choose newest or bought.`);
  }
  shelfOf(endpoint).ownersGet = wanted;
}

/** What was sold before: one that lay where the present one lies was replaced. */
export function listVersions(endpoint: Endpoint, sales: number): VersionList {
  const { ownersGet, versions } = shelfOf(endpoint);
  const newest = versions.at(-1);
  const items = versions.toReversed().map(({ path, ...version }): VersionView => {
    const current = version.sha256 === newest?.sha256;
    const isThere = path !== newest?.path && !path.includes("gone");
    return {
      ...version,
      current,
      bought: version.sha256 === versions[0]?.sha256 ? sales : 0,
      fileState: current || ownersGet === "newest" ? null : isThere ? "ok" : "changed",
    };
  });
  return { endpoint: endpoint.id, ownersGet, items };
}
