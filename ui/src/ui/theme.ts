import { onPreference, preferences } from "./preferences";

/** Keeps the colours at what is preferred, and with the system when that is. Called once, before anything shows. */
export function followTheme(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const { theme } = preferences();
    document.documentElement.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  };
  dark.addEventListener("change", apply);
  onPreference(apply);
  apply();
}
