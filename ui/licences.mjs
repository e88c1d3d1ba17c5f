// Writes the licences of all that a package brings into the file given as argument.
import { writeFileSync } from "node:fs";
import { runnerImport } from "vite";

const [file] = process.argv.slice(2);
if (!file) {
  throw new Error("usage: node licences.mjs FILE");
}
const { module } = await runnerImport("./licences.ts");
writeFileSync(file, module.licencesAsText());
