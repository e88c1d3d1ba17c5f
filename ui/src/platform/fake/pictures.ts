import type { PictureShow } from "../../api/generated/PictureShow";
import type { PictureShown } from "../../api/generated/PictureShown";
import type { PictureView } from "../../api/generated/PictureView";
import { hex, ofText } from "./random";
import type { Endpoint } from "./records";
import { refuse } from "./refuse";

/** One violet pixel, which is what every picture of a stall in memory looks like. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const covers = new WeakMap<Endpoint, PictureView>();

/** What pages would show of a file. */
export function pictureOf(seed: number, file: string): PictureView {
  if (!/\.(png|jpe?g|webp)$/i.test(file)) {
    throw refuse("file", "It is no PNG, JPEG or WebP picture.");
  }
  const name = (size: number) => hex(32, seed, ofText(file), size);
  return { large: name(800), small: name(320), width: 800, height: 600 };
}

/** Shows a cover of an endpoint, or none. */
export function setCover(endpoint: Endpoint, file: string | undefined, seed: number): void {
  if (file === undefined) {
    covers.delete(endpoint);
  } else {
    covers.set(endpoint, pictureOf(seed, file));
  }
}

export function coverOf(endpoint: Endpoint): PictureView | null {
  return covers.get(endpoint) ?? null;
}

/** The picture itself. */
export function pictureShown(seed: number, { file }: PictureShow): PictureShown {
  if (file !== undefined) {
    pictureOf(seed, file);
  }
  return { mediaType: "image/png", content: PIXEL };
}
