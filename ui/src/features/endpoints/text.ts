import { m } from "../../i18n/messages";

/** What a text that is sold can be, with the end of its name and its media type. */
const FORMATS = {
  plain: { ending: "txt", mediaType: "text/plain; charset=utf-8" },
  markdown: { ending: "md", mediaType: "text/markdown; charset=utf-8" },
  json: { ending: "json", mediaType: "application/json" },
  csv: { ending: "csv", mediaType: "text/csv; charset=utf-8" },
  html: { ending: "html", mediaType: "text/html; charset=utf-8" },
} as const;

export type TextFormat = keyof typeof FORMATS;

export const TEXT_FORMATS = Object.keys(FORMATS) as TextFormat[];

/** Longest text that is sold as one, in bytes. */
const LONGEST = 1_048_576;

/** What a text is, unless the seller says otherwise. */
export function formatOf(body: string): TextFormat {
  return /^\s*[{[]/.test(body) && isJson(body) ? "json" : "plain";
}

/** What stands in the way of selling a text; null when nothing does. */
export function textProblem(body: string, format: TextFormat): string | null {
  if (body === "") {
    return m.endpoints_text_empty();
  }
  if (new TextEncoder().encode(body).length > LONGEST) {
    return m.endpoints_text_long();
  }
  return format === "json" && !isJson(body) ? m.endpoints_text_not_json() : null;
}

/** A text as it is asked to be sold at a path: a download is called as its path ends. */
export function textAdd(body: string, format: TextFormat, path: string) {
  const { ending, mediaType } = FORMATS[format];
  const last = path.split("/").findLast((part) => part !== "") ?? format;
  const fileName = last.toLowerCase().endsWith(`.${ending}`) ? last : `${last}.${ending}`;
  return { body, fileName, mediaType };
}

/** What a text is, as a word to choose. */
export function formatWord(format: TextFormat): string {
  switch (format) {
    case "plain":
      return m.endpoints_text_plain();
    case "markdown":
      return "Markdown";
    case "json":
      return "JSON";
    case "csv":
      return "CSV";
    case "html":
      return "HTML";
  }
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
