/** The first and last characters of something long, such as `0x12ab…9f3c`; short things stay whole. */
export function shorten(text: string, head = 6, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

/** A link as people say it: without its scheme, and without a slash that says nothing. */
export function bareUrl(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

/** Whether only this computer can follow the link. */
export function isLoopback(url: string): boolean {
  return /^https?:\/\/(127\.|localhost(?=[:/]|$)|\[::1\])/.test(url);
}
