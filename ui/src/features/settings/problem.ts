/** Brings whoever filled a form in to the first field that is wrong, once that is shown. */
export function goToProblem(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
