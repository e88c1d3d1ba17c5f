/** What a rejection says. The program rejects with a plain `{ code, message }`, which is no `Error`. */
export function messageOf(reason: unknown): string {
  return typeof reason === "object" && reason !== null && "message" in reason
    ? String(reason.message)
    : String(reason);
}
