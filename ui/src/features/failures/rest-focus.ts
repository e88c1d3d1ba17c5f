/** Until then a closed question has gone, and the list has been asked again. */
const SOON = 1500;

/**
 * What was pressed may go with what was done, at once or when the list is asked again, and the question gives the
 * focus back to what is no more: whoever uses keys then goes on at the record, else at the page.
 */
export function restFocus(): void {
  const end = performance.now() + SOON;
  const look = () => {
    if (document.activeElement === document.body) {
      (document.querySelector<HTMLElement>("[data-drawer]") ?? document.getElementById("page"))?.focus();
    } else if (performance.now() < end) {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}
