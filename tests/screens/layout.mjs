// What of a page cannot be read: text that is cut off, and places too small to show what scrolls in them.

/** How many lines of text a place that scrolls must show at least. */
const LEAST_LINES = 2;

/** Sentences about what cannot be read at the page's present size. */
export function unreadable(page, { sideways = true } = {}) {
  return page.evaluate(findUnreadable, { leastLines: LEAST_LINES, sideways });
}

// Runs in the page.
function findUnreadable({ leastLines, sideways }) {
  const found = new Set();
  const view = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const slack = 1.5;
  const name = (element) => {
    const words = (element.innerText ?? element.textContent).trim().replaceAll(/\s+/g, " ").slice(0, 60);
    return `<${element.tagName.toLowerCase()}> “${words}”`;
  };
  /** Told to those who hear the page, and shown to nobody. */
  const isForEars = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      if (getComputedStyle(at).position === "absolute" && at.clientWidth <= 1 && at.clientHeight <= 1) {
        return true;
      }
    }
    return false;
  };

  /** How a box is kept inside an ancestor along one axis. */
  const side = (style, axis) => (axis === "x" ? style.overflowX : style.overflowY);

  const look = (box, start, what) => {
    let open = { x: true, y: true };
    for (let element = start; element !== null && element !== document.body; element = element.parentElement) {
      const style = getComputedStyle(element);
      const inside = element.getBoundingClientRect();
      for (const axis of ["x", "y"]) {
        const overflow = side(style, axis);
        if (!open[axis] || overflow === "visible") {
          continue;
        }
        const [from, to, edgeFrom, edgeTo] =
          axis === "x"
            ? [box.left, box.right, inside.left, inside.right]
            : [box.top, box.bottom, inside.top, inside.bottom];
        if (overflow === "auto" || overflow === "scroll") {
          open = { ...open, [axis]: false };
        } else if (from < edgeFrom - slack || to > edgeTo + slack) {
          // Three dots say that there is more, and the whole is told elsewhere.
          const dots = axis === "x" ? style.textOverflow === "ellipsis" : style.webkitLineClamp !== "none";
          if (!dots) {
            found.add(`${what} is cut off (${axis}) by ${name(element)}`);
          }
          open = { ...open, [axis]: false };
        }
      }
      if (style.position === "fixed") {
        break;
      }
    }
    if (open.x && (box.left < view.left - slack || box.right > view.right + slack)) {
      found.add(`${what} lies outside the window (x)`);
    }
    if (open.y && (box.top < view.top - slack || box.bottom > view.bottom + slack)) {
      found.add(`${what} lies outside the window (y)`);
    }
  };

  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
    const parent = node.parentElement;
    if (node.data.trim() === "" || isForEars(parent) || !parent.checkVisibility({ visibilityProperty: true })) {
      continue;
    }
    // The link to the page's content waits above the window until it has the focus.
    if (parent.matches('a[href="#page"]')) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width > 0 && box.height > 0) {
      look(box, parent, name(parent));
    }
  }
  for (const control of document.querySelectorAll("button, input, a[href], select, textarea, [role=switch]")) {
    const box = control.getBoundingClientRect();
    if (box.width > 1 && box.height > 1 && !isForEars(control) && !control.matches('a[href="#page"]')) {
      look(box, control.parentElement, `the control ${control.ariaLabel ?? name(control)}`);
    }
  }

  const line = Number.parseFloat(getComputedStyle(document.body).lineHeight);
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
    if (scrolls(style.overflowY) && element.scrollHeight > element.clientHeight + 1) {
      if (element.clientHeight < leastLines * line) {
        found.add(`${name(element)} scrolls in a place of ${element.clientHeight} pixels`);
      }
    }
    // Code keeps its lines, and a list beside a record its columns; all else is laid out for the width there is.
    if (sideways && scrolls(style.overflowX) && element.scrollWidth > element.clientWidth + 1) {
      const isBeside = element.querySelector("[role=grid]") !== null && document.querySelector("[data-drawer]") !== null;
      if (element.querySelector(":scope > pre") === null && !isBeside) {
        found.add(`${name(element)} scrolls sideways: ${element.scrollWidth} in ${element.clientWidth} pixels`);
      }
    }
  }
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth) {
    found.add(`the page is ${Math.max(page.scrollWidth, document.body.scrollWidth)} pixels wide`);
  }
  return [...found];
}
