// Says how large the page's files are on the way to a buyer, and refuses what a home's upload makes slow.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST = 110_000;
const EXPECTED = ["buyer.css", "buyer.js"];

const folder = new URL("dist/", import.meta.url);
const files = readdirSync(folder).sort();
if (files.join() !== EXPECTED.join()) {
  console.error(`dist holds ${files.join(", ")} instead of ${EXPECTED.join(", ")}`);
  process.exit(1);
}
let sum = 0;
for (const file of files) {
  const bytes = readFileSync(new URL(file, folder));
  const packed = gzipSync(bytes, { level: 9 }).length;
  sum += packed;
  console.log(`${file}: ${bytes.length} bytes, ${packed} with gzip`);
}
console.log(`together: ${sum} of at most ${MOST} bytes with gzip`);
if (sum > MOST) {
  process.exit(1);
}
