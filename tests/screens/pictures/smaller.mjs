// Pictures with at most 256 colours: a third as large, and pages have hardly more.
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const MOST = 256;
/** How many colours of whole areas there may be: white beside nearly white is another surface. */
const AREAS = 32;

/** The same picture as a PNG with a palette. `png` is one of three bytes to a pixel, as Chromium makes them. */
export function smaller(png) {
  const { height, pixels, width } = decode(png);
  const palette = choose(pixels);
  const known = new Map();
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < width * height; at += 1) {
    const colour = pixels.readUIntBE(at * 3, 3);
    if (!known.has(colour)) {
      known.set(colour, nearest(palette, colour));
    }
    rows[at + Math.floor(at / width) + 1] = known.get(colour);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.concat(palette.map((colour) => Buffer.from([colour >> 16, (colour >> 8) & 255, colour & 255])));
  const parts = [chunk("IHDR", head), chunk("PLTE", colours), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** The colours that are seen most; beyond those of whole areas, of several that are nearly the same only one. */
function choose(pixels) {
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = new Set();
  const alike = new Set();
  for (const [colour] of [...counts].sort((one, other) => other[1] - one[1])) {
    const group = colour & 0xf8f8f8;
    if (palette.size < AREAS || (palette.size < MOST && !alike.has(group))) {
      palette.add(colour);
      alike.add(group);
    }
  }
  return [...palette];
}

function nearest(palette, colour) {
  const apart = (shift, other) => ((colour >> shift) & 255) - ((other >> shift) & 255);
  const distances = palette.map((other) => apart(16, other) ** 2 + apart(8, other) ** 2 + apart(0, other) ** 2);
  return distances.indexOf(Math.min(...distances));
}

function decode(png) {
  const parts = [];
  let head = null;
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const name = png.toString("latin1", at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (name === "IHDR") {
      head = data;
    } else if (name === "IDAT") {
      parts.push(data);
    }
    at += length + 12;
  }
  if (head[8] !== 8 || head[9] !== 2) {
    throw new Error("not a picture of three bytes to a pixel");
  }
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  return { width, height, pixels: unfiltered(inflateSync(Buffer.concat(parts)), width * 3, height) };
}

/** Undoes the filters of PNG, each of which says a byte by its neighbours: left, above, and left above. */
function unfiltered(raw, stride, height) {
  const pixels = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)];
    for (let column = 0; column < stride; column += 1) {
      const at = row * stride + column;
      const left = column < 3 ? 0 : pixels[at - 3];
      const above = row === 0 ? 0 : pixels[at - stride];
      const corner = column < 3 || row === 0 ? 0 : pixels[at - stride - 3];
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      pixels[at] = raw[row * (stride + 1) + 1 + column] + guess;
    }
  }
  return pixels;
}

function paeth(left, above, corner) {
  const [toLeft, toAbove] = [Math.abs(above - corner), Math.abs(left - corner)];
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) {
    return left;
  }
  return toAbove <= toCorner ? above : corner;
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}
