import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

/** What the window imports to show them; only a build of the real window knows them all. */
const NAME = "virtual:licences";

/** The programs that are handed out. */
const PROGRAMS = ["desktop", "cli"];

interface Found {
  name: string;
  version: string;
  licence: string;
  folder: string;
}

interface CargoPackage {
  id: string;
  name: string;
  version: string;
  license: string | null;
  source: string | null;
  manifest_path: string;
}

interface CargoNode {
  id: string;
  deps: { pkg: string; dep_kinds: { kind: string | null }[] }[];
}

/** Collects the licences of all that goes into the programs and the window, when the window is built. */
export function licences(mode: string): Plugin {
  return {
    name: "licences",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) {
        return null;
      }
      const { items, texts } = collect(mode);
      return `export const items = ${JSON.stringify(items)};\nexport const texts = ${JSON.stringify(texts)};`;
    },
  };
}

/** The same as one text, for packages, which bring the practice node and the contract on its chain beside our programs. */
export function licencesAsText(): string {
  const { items, texts } = collect("production");
  const node = manifest("../contracts/node_modules/@foundry-rs/anvil");
  const rule = "=".repeat(80);
  const told = [
    `anvil (https://github.com/foundry-rs/foundry) ${node.version}: ${node.license}`,
    "Multicall3 (https://github.com/mds1/multicall3) 3: MIT",
    ...items.map(({ name, version, licence }) => `${name} ${version}: ${licence}`),
  ];
  const named = texts.map((text, place) => {
    const whose = items.filter((item) => item.texts.includes(place)).map(({ name }) => name);
    return `${rule}\n${[...new Set(whose)].join(", ")}\n${rule}\n\n${text}\n`;
  });
  return `What Stallkeeper is made of, and under which licence.\n\n${told.join("\n")}\n\n${named.join("\n")}`;
}

function collect(mode: string) {
  // The stall in memory is only looked at: a list that every new dependency changes would change its pictures.
  const found = mode === "production" ? [...crates(), ...packages()] : packages().slice(0, 12);
  const texts: string[] = [];
  const items = found
    .map(({ folder, ...one }) => ({ ...one, texts: textsIn(folder).map((text) => placeOf(text, texts)) }))
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
  return { items, texts };
}

/** The crates that the programs are made of. */
function crates(): Found[] {
  const json = execFileSync(
    "cargo",
    ["metadata", "--format-version", "1", "--locked", "--filter-platform", host()],
    { cwd: "..", encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  const { packages: known, resolve } = JSON.parse(json) as {
    packages: CargoPackage[];
    resolve: { nodes: CargoNode[] };
  };
  const byId = new Map(known.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();
  const walk = (id: string) => {
    if (!seen.has(id)) {
      seen.add(id);
      for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? []) {
        if (dep_kinds.some(({ kind }) => kind === null)) {
          walk(pkg);
        }
      }
    }
  };
  for (const { id, name, source } of known) {
    if (source === null && PROGRAMS.includes(name)) {
      walk(id);
    }
  }
  return [...seen].flatMap((id) => {
    const one = byId.get(id);
    return one === undefined || one.source === null
      ? []
      : [
          {
            name: one.name,
            version: one.version,
            licence: one.license ?? "",
            folder: dirname(one.manifest_path),
          },
        ];
  });
}

function host(): string {
  const told = execFileSync("rustc", ["-vV"], { encoding: "utf8" });
  return /^host: (.+)$/m.exec(told)?.[1] ?? "";
}

/** The packages that the window is made of. */
function packages(): Found[] {
  const found = new Map<string, Found>();
  const walk = (name: string) => {
    const folder = join("node_modules", name);
    if (found.has(name) || !existsSync(join(folder, "package.json"))) {
      return;
    }
    const { version, license, dependencies = {} } = manifest(folder);
    found.set(name, { name, version, licence: license ?? "", folder });
    for (const other of Object.keys(dependencies)) {
      walk(other);
    }
  };
  for (const name of Object.keys(manifest(".").dependencies ?? {})) {
    walk(name);
  }
  return [...found.values()];
}

function manifest(folder: string): {
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
} {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function textsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice|unlicense)/i.test(entry.name))
    .map(({ name }) => readFileSync(join(folder, name), "utf8").trim());
}

/** Where the text stands; the same text, however it is broken into lines, stands there once. */
function placeOf(text: string, texts: string[]): number {
  const bare = (one: string) => one.replace(/\s+/g, " ");
  const known = texts.findIndex((other) => bare(other) === bare(text));
  return known >= 0 ? known : texts.push(text) - 1;
}
