import type { PictureShow } from "../../api/generated/PictureShow";
import type { PictureShown } from "../../api/generated/PictureShown";
import type { PictureView } from "../../api/generated/PictureView";
import { hex, ofText } from "./random";
import type { Endpoint } from "./records";
import { refuse } from "./refuse";

/** Evening sky over the sea, which is what every picture of a stall in memory shows. */
const SKY =
  "iVBORw0KGgoAAAANSUhEUgAAAeAAAAFAAQMAAABeBj04AAAABlBMVEXysnorSmN5jSQ9AAAAPklEQVR42u3LoQEAAAgDoP3/tB6xYBA6CQAAAAAAAAAAAADAK1OQZVmWZVmWZVmWZVmWZVmWZVmWZVmW5fO8iDxbS0nh2nwAAAAASUVORK5CYII=";

const covers = new WeakMap<Endpoint, PictureView>();

/** What pages would show of a file. */
export function pictureOf(seed: number, file: string): PictureView {
  if (!/\.(png|jpe?g|webp)$/i.test(file)) {
    throw refuse("file", "It is no PNG, JPEG or WebP picture.");
  }
  const name = (size: number) => hex(32, seed, ofText(file), size);
  return { large: name(800), small: name(320), width: 480, height: 320 };
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
  return { mediaType: "image/png", content: SKY };
}
