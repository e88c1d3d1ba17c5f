import { followLanguage } from "./ui/language";
import { followTheme } from "./ui/theme";
import "./styles/app.css";

followTheme();

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no root element");
}
// Words, letters and window are read side by side; letters that come later would move what stands there.
const letters = document.fonts.load("1rem 'Inter Variable'").catch(() => undefined);
const [{ show }] = await Promise.all([import("./App"), followLanguage(), letters]);
await show(root);
