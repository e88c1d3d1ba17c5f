/** How wide a saved picture is at least, in pixels: enough for a poster. */
const WIDE = 1024;

/** A code as a picture of lines, which is sharp in every size. */
export function asSvg(code: SVGSVGElement): string {
  return `${new XMLSerializer().serializeToString(code)}\n`;
}

/** The same in pixels, each of its squares as wide as all others. */
export async function asPng(code: SVGSVGElement): Promise<Uint8Array> {
  const squares = code.viewBox.baseVal.width;
  const scale = Math.ceil(WIDE / squares);
  const canvas = document.createElement("canvas");
  canvas.width = squares * scale;
  canvas.height = canvas.width;
  const pen = canvas.getContext("2d");
  if (pen === null) {
    throw new Error("PNG");
  }
  pen.scale(scale, scale);
  for (const path of code.querySelectorAll("path")) {
    pen.fillStyle = path.getAttribute("fill") ?? "";
    pen.fill(new Path2D(path.getAttribute("d") ?? ""));
  }
  const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, "image/png"));
  if (blob === null) {
    throw new Error("PNG");
  }
  return new Uint8Array(await blob.arrayBuffer());
}
