// From a press to the rows it leads to, in milliseconds: when they are in the page, when they are drawn, and when the
// sums above them changed. A press of "search" is Enter in its field.
const [how, what, done] = arguments;
const grid = () => document.querySelector("[role=grid]");
const sums = () => document.querySelector('[aria-label="What the payments shown come to"]')?.textContent ?? "";
const rows = () => grid()?.querySelectorAll("tbody tr time").length ?? 0;
const none = () => document.body.innerText.includes("No payment matches");
const [gridBefore, sumsBefore] = [grid(), sums()];
const took = { rows: null, drawn: null, sums: null };
const named = (selector, name) =>
  [...document.querySelectorAll(selector)].find((element) => element.textContent.trim().startsWith(name));

const press = () => {
  if (how === "link") {
    named("nav a", what).click();
  } else if (how === "chip") {
    named("fieldset button", what).click();
  } else if (how === "clear") {
    named("main button", "Clear filters").click();
  } else {
    document
      .querySelector("[data-page-search]")
      .dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  }
};

const measure = () => {
  const began = performance.now();
  const since = () => performance.now() - began;
  const look = () => {
    if (took.rows === null && grid() !== gridBefore && (rows() > 0 || none())) {
      took.rows = since();
      // Messages come after the frame that was being made.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        took.drawn = since();
      };
      requestAnimationFrame(() => port2.postMessage(null));
    }
    if (took.sums === null && sums() !== "" && sums() !== sumsBefore) {
      took.sums = since();
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  const end = () => {
    const isWhole = took.drawn !== null && (took.sums !== null || since() > took.drawn + 1500);
    if (isWhole || since() > 15000) {
      observer.disconnect();
      done({ ...took, says: sums() });
    } else {
      setTimeout(end, 20);
    }
  };
  press();
  look();
  end();
};

if (how === "search") {
  const field = document.querySelector("[data-page-search]");
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, what);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  // What was typed is in the field; nothing is looked for before a pause.
  setTimeout(measure, 30);
} else {
  measure();
}
