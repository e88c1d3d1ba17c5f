/** What was pressed may be gone with what was done: whoever uses keys goes on at the record, else at the page. */
export function restFocus(): void {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) {
      (document.querySelector<HTMLElement>("[data-drawer]") ?? document.getElementById("page"))?.focus();
    }
  });
}
