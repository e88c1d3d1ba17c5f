import { begin } from "./begin";
import { followLanguage } from "./ui/language";
import { followTheme } from "./ui/theme";
import "./styles/app.css";

followTheme();

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no root element");
}
// The pages, their first answers, words and letters are read side by side; letters that come later would move what
// stands there. Nothing is awaited here: the pages share parts with this file, and would wait for its end.
const letters = Promise.allSettled(
  ["Inter Variable", "JetBrains Mono Variable"].map((font) => document.fonts.load(`1rem '${font}'`)),
);
Promise.all([import("./App"), begin(location.pathname), followLanguage(), letters])
  .then(([{ show }, beginning]) => show(root, beginning))
  .catch((error: unknown) => {
    // Words of a language may be what could not be read.
    root.textContent =
      "This window could not be shown. Quit Stallkeeper and start it again: nothing is lost.";
    reportError(error);
  });
