/** The key that goes with others, as it is written on this system's keyboards. */
export const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** Whether a dialog or a menu lies over the page and keys belong to it. */
export function overlayIsOpen(): boolean {
  return (
    document.querySelector('[role="dialog"]:not([data-drawer]), [role="alertdialog"], [role="menu"]') !== null
  );
}
