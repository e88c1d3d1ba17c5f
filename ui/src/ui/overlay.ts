/** What lies between a dialog and the page. */
export const backdropLook =
  "fixed inset-0 z-30 bg-scrim transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0";

/** A dialog in the middle of the window; it scrolls inside when the window is small. */
export const popupLook =
  "fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-3rem)] max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-card border bg-surface text-body text-text shadow-overlay outline-none transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0";

/** A list that opens at its button. */
export const listLook =
  "list z-50 max-h-(--available-height) overflow-y-auto rounded-card border bg-surface text-body text-text shadow-overlay outline-none transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0";

/** A line of such a list. */
export const listItemLook =
  "flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 py-1 outline-none select-none data-highlighted:bg-surface-2 data-disabled:text-text-3";

/** Whether a dialog, menu or list lies over the page and keys belong to it. Toasts and drawers leave them to the page. */
export function overlayIsOpen(): boolean {
  return (
    document.querySelector(
      '[data-open]:is([role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"])',
    ) !== null
  );
}
