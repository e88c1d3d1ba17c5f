import slugify from "@sindresorhus/slugify";

/** Why a text is not a path that can be sold at. The app decides the same way and has the last word. */
export type PathProblem = "empty" | "empty_part" | "dots" | "character" | "too_long" | "reserved" | "taken";

const LONGEST = 512;
const LONGEST_SLUG = 60;
const RESERVED = [".well-known", ".stallkeeper"];

/** The path of a link's end that was typed, with or without its slash. */
export function toPath(typed: string): string {
  return `/${typed.trim().replace(/^\/+/, "")}`;
}

/** What is wrong with a path, and the character that is, if it is one. */
export function pathProblem(
  path: string,
  taken: readonly string[],
): { problem: PathProblem; character?: string } | null {
  const parts = path.slice(1).split("/");
  if (path === "/") {
    return { problem: "empty" };
  }
  const [character] = /[^a-zA-Z0-9\-._~/]/u.exec(path) ?? [];
  if (character !== undefined) {
    return { problem: "character", character };
  }
  if (path.length > LONGEST) {
    return { problem: "too_long" };
  }
  if (parts.includes("")) {
    return { problem: "empty_part" };
  }
  if (parts.includes(".") || parts.includes("..")) {
    return { problem: "dots" };
  }
  if (RESERVED.includes(parts[0] ?? "")) {
    return { problem: "reserved" };
  }
  return taken.includes(path) ? { problem: "taken" } : null;
}

/** The path that a title makes; null where nothing of it can stand in one. */
export function pathFor(title: string): string | null {
  const slug = slugify(title, { decamelize: false }).slice(0, LONGEST_SLUG).replace(/-+$/, "");
  return slug === "" ? null : `/${slug}`;
}

/** The path, or the first numbered one that nothing is sold at. */
export function freePath(path: string, taken: readonly string[]): string {
  let free = path;
  for (let number = 2; taken.includes(free); number += 1) {
    free = `${path}-${number}`;
  }
  return free;
}
