/**
 * QR codes of byte text (ISO/IEC 18004): versions 1 to 10, error correction M, which is more than any URL that a
 * phone should be asked to scan. Answers rows of dark (`true`) and light modules, without the quiet zone.
 */

/** By version from 1: error correction bytes of a block, then how many blocks of how many data bytes. */
const BLOCKS: readonly (readonly [number, readonly (readonly [number, number])[]])[] = [
  [10, [[1, 16]]],
  [16, [[1, 28]]],
  [26, [[1, 44]]],
  [18, [[2, 32]]],
  [24, [[2, 43]]],
  [16, [[4, 27]]],
  [18, [[4, 31]]],
  [
    22,
    [
      [2, 38],
      [2, 39],
    ],
  ],
  [
    22,
    [
      [3, 36],
      [2, 37],
    ],
  ],
  [
    26,
    [
      [4, 43],
      [1, 44],
    ],
  ],
];

/** Centres of the small squares, by version from 1. */
const CENTRES: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
];

type Module = boolean | null;

/** The code of a text, or `null` when it is too long for one that phones read at arm's length. */
export function qr(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((_, at) => bytes.length <= room(at + 1)) + 1;
  if (version === 0) {
    return null;
  }
  const bits = interleaved(dataBytes(bytes, version), version);
  let best: { grid: boolean[][]; penalty: number } | null = null;
  for (let mask = 0; mask < 8; mask += 1) {
    const grid = masked(version, bits, mask);
    const penalty = penaltyOf(grid);
    if (best === null || penalty < best.penalty) {
      best = { grid, penalty };
    }
  }
  return best?.grid ?? null;
}

function dataRoom(version: number): number {
  return (BLOCKS[version - 1]?.[1] ?? []).reduce((sum, [count, size]) => sum + count * size, 0);
}

/** Bytes of text that fit: four bits say that they are bytes, eight or sixteen how many. */
function room(version: number): number {
  return dataRoom(version) - (version < 10 ? 2 : 3);
}

function dataBytes(text: Uint8Array, version: number): number[] {
  const digits = version < 10 ? 8 : 16;
  let bits = `0100${text.length.toString(2).padStart(digits, "0")}`;
  for (const byte of text) {
    bits += byte.toString(2).padStart(8, "0");
  }
  bits += "0000";
  const bytes: number[] = [];
  for (let at = 0; at < bits.length; at += 8) {
    bytes.push(Number.parseInt(bits.slice(at, at + 8).padEnd(8, "0"), 2));
  }
  const size = dataRoom(version);
  for (let pad = 0xec; bytes.length < size; pad ^= 0xec ^ 0x11) {
    bytes.push(pad);
  }
  return bytes.slice(0, size);
}

/** Data and error correction of all blocks, taken in turns, as bits. */
function interleaved(data: number[], version: number): boolean[] {
  const [corrections, groups] = BLOCKS[version - 1] ?? [0, []];
  const divisor = generator(corrections);
  const blocks: number[][] = [];
  let at = 0;
  for (const [count, size] of groups) {
    for (let block = 0; block < count; block += 1) {
      blocks.push(data.slice(at, at + size));
      at += size;
    }
  }
  const checks = blocks.map((block) => remainder(block, divisor));
  const bytes: number[] = [];
  for (const turn of [blocks, checks]) {
    const longest = Math.max(...turn.map(({ length }) => length));
    for (let index = 0; index < longest; index += 1) {
      bytes.push(...turn.map((block) => block[index]).filter((byte) => byte !== undefined));
    }
  }
  return bytes.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte >> (7 - bit)) & 1) === 1));
}

/** Multiplication of bytes as polynomials, modulo x⁸+x⁴+x³+x²+1. */
function times(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((other >> bit) & 1) * one;
  }
  return product;
}

/** (x−2⁰)(x−2¹)… without its leading one. */
function generator(degree: number): number[] {
  const result = Array.from({ length: degree }, (_, at) => Number(at === degree - 1));
  let root = 1;
  for (let factor = 0; factor < degree; factor += 1) {
    for (let at = 0; at < degree; at += 1) {
      result[at] = times(result[at] ?? 0, root) ^ (result[at + 1] ?? 0);
    }
    root = times(root, 2);
  }
  return result;
}

function remainder(data: number[], divisor: number[]): number[] {
  const rest = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    divisor.forEach((coefficient, at) => {
      rest[at] = (rest[at] ?? 0) ^ times(coefficient, factor);
    });
  }
  return rest;
}

const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

function masked(version: number, bits: boolean[], mask: number): boolean[][] {
  const grid = frame(version);
  const size = grid.length;
  setFormat(grid, mask);
  const isTurned = MASKS[mask] ?? (() => false);
  let next = 0;
  // Two columns at a time, from the right, up and down in turns; the column of the timing marks is left out.
  for (let right = size - 1, isUp = true; right > 0; right -= 2, isUp = !isUp) {
    if (right === 6) {
      right -= 1;
    }
    for (let step = 0; step < size; step += 1) {
      const row = isUp ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        const line = grid[row] as Module[];
        if (line[column] === null) {
          line[column] = (bits[next] ?? false) !== isTurned(row, column);
          next += 1;
        }
      }
    }
  }
  return grid as boolean[][];
}

/** Everything that is the same whatever the text; `null` where text goes. */
function frame(version: number): Module[][] {
  const size = 17 + 4 * version;
  const grid: Module[][] = Array.from({ length: size }, () => Array<Module>(size).fill(null));
  const set = (row: number, column: number, isDark: boolean) => {
    const line = grid[row];
    if (line !== undefined && column >= 0 && column < size) {
      line[column] = isDark;
    }
  };
  for (let at = 8; at < size - 8; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const) {
    for (let down = -4; down <= 4; down += 1) {
      for (let across = -4; across <= 4; across += 1) {
        const ring = Math.max(Math.abs(down), Math.abs(across));
        set(row + down, column + across, ring !== 2 && ring !== 4);
      }
    }
  }
  const centres = CENTRES[version - 1] ?? [];
  const last = centres.length - 1;
  centres.forEach((row, first) => {
    centres.forEach((column, second) => {
      const isCorner = (first === 0 && (second === 0 || second === last)) || (first === last && second === 0);
      for (let down = -2; !isCorner && down <= 2; down += 1) {
        for (let across = -2; across <= 2; across += 1) {
          set(row + down, column + across, Math.max(Math.abs(down), Math.abs(across)) !== 1);
        }
      }
    });
  });
  setFormat(grid, 0);
  if (version >= 7) {
    const code = withCheck(version, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit += 1) {
      const isDark = ((code >> bit) & 1) === 1;
      set(Math.floor(bit / 3), size - 11 + (bit % 3), isDark);
      set(size - 11 + (bit % 3), Math.floor(bit / 3), isDark);
    }
  }
  return grid;
}

/** A number with its check bits behind it (BCH). */
function withCheck(value: number, checkBits: number, polynomial: number): number {
  let rest = value << checkBits;
  for (let bit = 31 - Math.clz32(rest); bit >= checkBits; bit -= 1) {
    if ((rest >> bit) & 1) {
      rest ^= polynomial << (bit - checkBits);
    }
  }
  return (value << checkBits) | rest;
}

/** Error correction M (00) and the mask, twice. */
function setFormat(grid: Module[][], mask: number): void {
  const size = grid.length;
  const code = withCheck(mask, 10, 0x537) ^ 0x5412;
  const set = (row: number, column: number, bit: number) => {
    (grid[row] as Module[])[column] = ((code >> bit) & 1) === 1;
  };
  for (let bit = 0; bit < 15; bit += 1) {
    set(bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, 8, bit);
    set(8, bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit, bit);
  }
  (grid[size - 8] as Module[])[8] = true;
}

/** How hard a pattern is to read: runs, blocks, what looks like a corner, and too much of one colour. */
function penaltyOf(grid: boolean[][]): number {
  const size = grid.length;
  const columns = grid.map((_, column) => grid.map((row) => row[column] ?? false));
  let penalty = 0;
  let dark = 0;
  for (const line of [...grid, ...columns]) {
    const text = line.map((isDark) => (isDark ? "1" : "0")).join("");
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) {
      penalty += run.length - 2;
    }
    for (let at = 0; at + 11 <= size; at += 1) {
      const part = text.slice(at, at + 11);
      if (part === "10111010000" || part === "00001011101") {
        penalty += 40;
      }
    }
  }
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const isDark = grid[row]?.[column];
      dark += Number(isDark);
      const isBlock =
        grid[row]?.[column + 1] === isDark &&
        grid[row + 1]?.[column] === isDark &&
        grid[row + 1]?.[column + 1] === isDark;
      penalty += isBlock ? 3 : 0;
    }
  }
  return penalty + Math.floor(Math.abs((dark * 100) / size ** 2 - 50) / 5) * 10;
}
