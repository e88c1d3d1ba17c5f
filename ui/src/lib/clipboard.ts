/**
 * Puts a text on the clipboard. One that is still being fetched goes in as a promise: WebKit allows writing only while a press is being
 * answered, so that waiting for the text first would be refused.
 */
export function writeClipboard(text: string | Promise<string>): Promise<void> {
  if (typeof text === "string") {
    return navigator.clipboard.writeText(text);
  }
  const type = "text/plain";
  const content = text.then((known) => new Blob([known], { type }));
  return navigator.clipboard.write([new ClipboardItem({ [type]: content })]);
}
