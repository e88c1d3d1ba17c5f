type Child = Node | string | null | false;

interface Props {
  class?: string;
  onclick?: () => void;
  onchange?: () => void;
  [attribute: string]: string | boolean | (() => void) | undefined;
}

const SVG = "http://www.w3.org/2000/svg";

/** An element. Texts become text nodes, whatever they hold; there is no way to give it HTML. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props | null,
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), props, children);
}

/** A picture made of one path. */
export function path(size: number, shape: string, className: string): SVGSVGElement {
  const picture = document.createElementNS(SVG, "svg");
  fill(picture, { viewBox: `0 0 ${size} ${size}`, class: className, "aria-hidden": "true" }, []);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", shape);
  picture.append(line);
  return picture;
}

function fill<Made extends Element>(element: Made, props: Props | null, children: Child[]): Made {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function") {
      element.addEventListener(name.slice("on".length), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (typeof value === "string") {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}
