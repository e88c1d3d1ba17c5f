// Builds the page that the tests look at, if it is older than what it is made of.
import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PAGE = new URL("../../../ui/buyer/", import.meta.url);
const NOT_SOURCES = ["node_modules", "dist"];
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** When something was last written; 0 where there is nothing. */
async function written(place) {
  return (await stat(place).catch(() => null))?.mtimeMs ?? 0;
}

async function newest(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const times = entries
    .filter(({ name }) => !NOT_SOURCES.includes(name))
    .map((entry) =>
      entry.isDirectory() ? newest(new URL(`${entry.name}/`, folder)) : written(new URL(entry.name, folder)),
    );
  return Math.max(0, ...(await Promise.all(times)));
}

export default async function buildPage() {
  const run = (...words) => promisify(execFile)(npm, words, { cwd: fileURLToPath(PAGE) });
  const built = await Promise.all(["buyer.js", "buyer.css"].map((name) => written(new URL(`dist/${name}`, PAGE))));
  if (Math.min(...built) > (await newest(PAGE))) {
    return;
  }
  if ((await written(new URL("node_modules", PAGE))) === 0) {
    await run("ci", "--no-audit", "--no-fund");
  }
  await run("run", "build");
}
