/** The fewest characters of a passphrase, as the app wants it. */
export const SHORTEST = 8;

/** What was typed into a form's field of that name, without keeping it; undefined when nothing was. */
export function secret(form: HTMLFormElement, name: string): string | undefined {
  const typed = new FormData(form).get(name);
  return typeof typed === "string" && typed !== "" ? typed : undefined;
}
