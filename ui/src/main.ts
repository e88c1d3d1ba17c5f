import { followLanguage } from "./ui/language";
import { followTheme } from "./ui/theme";
import "./styles/app.css";

followTheme();

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no root element");
}
// Words and window are read side by side.
const [{ show }] = await Promise.all([import("./App"), followLanguage()]);
await show(root);
