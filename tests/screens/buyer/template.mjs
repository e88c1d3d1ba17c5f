// Fills the page's template in, as the server does.
import { readFile } from "node:fs/promises";
import { PAGE } from "./packages.mjs";

const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escape = (text) => text.replaceAll(/[&<>"']/g, (letter) => ESCAPED[letter]);

/** JSON that no seller's words can end the element of. */
const json = (value) =>
  JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** The words of the template, as the server puts them in. */
const words = JSON.parse(await readFile(new URL("words/en.json", PAGE), "utf8"));

const template = (await readFile(new URL("template.html", PAGE), "utf8")).replace(/<!--[\s\S]*?-->\n/, "");

/** Every name that the template uses must be given. */
export function fill(given, offer) {
  const values = { language: "en", choice: "", own: "", ownLeast: "", ownMost: "", ownToken: "", ownSaid: "", ...words, ...given };
  const value = (name) => {
    if (values[name] === undefined) {
      throw new Error(`the template wants ${name}`);
    }
    return values[name];
  };
  let page = template;
  let before;
  do {
    before = page;
    page = page.replaceAll(/\{\{#(\w+)\}\}((?:(?!\{\{#\1\}\})[\s\S])*?)\{\{\/\1\}\}/g, (_, name, inside) =>
      value(name) === "" ? "" : inside,
    );
  } while (page !== before);
  return page
    .split("{{{offer}}}")
    .map((part) => part.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => escape(value(name))))
    .join(json(offer));
}
