import { isDay } from "../../lib/period";

/** What a search says, taken apart: what is known as a filter, and the words that remain. */
export interface Meant {
  states?: string[];
  /** A name to look for among the endpoints. */
  endpoint?: string;
  payer?: string;
  network?: string;
  from?: string;
  to?: string;
  least?: string;
  most?: string;
  text: string;
}

const PROBLEMS = ["failed", "expired", "cancelled", "diverted"];

/** The words for states, single ones and those that are looked at together. */
const STATES: Record<string, readonly string[]> = {
  ready: ["queued"],
  pending: ["queued", "settling"],
  problems: PROBLEMS,
  settled: ["settled", "settled_elsewhere"],
  written: ["written_off"],
  ...Object.fromEntries(
    ["queued", "settling", "settled_elsewhere", "written_off", "voided", ...PROBLEMS].map((state) => [
      state,
      [state],
    ]),
  ),
};

/** A word, or `name:value` with the value in quotes where it has spaces. */
const PART = /(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi;

/**
 * Reads `status:failed amount:>1 product:"Guide" 0x12ab`. What is not understood stays a word to look for, so
 * that nothing that was typed is lost.
 */
export function readSearch(typed: string): Meant {
  const meant: Meant = { text: "" };
  const words: string[] = [];
  for (const [whole, name = "", quoted, bare = ""] of typed.trim().matchAll(PART)) {
    if (!understand(meant, name.toLowerCase(), quoted ?? bare)) {
      words.push(quoted !== undefined && name === "" ? quoted : whole);
    }
  }
  return { ...meant, text: words.join(" ") };
}

function understand(meant: Meant, name: string, value: string): boolean {
  switch (name) {
    case "status":
    case "state": {
      const states = STATES[value.toLowerCase()];
      if (states !== undefined) {
        meant.states = [...new Set([...(meant.states ?? []), ...states])];
      }
      return states !== undefined;
    }
    case "product":
    case "endpoint":
      meant.endpoint = value;
      return value !== "";
    case "buyer":
      meant.payer = value;
      return /^0x[0-9a-f]{40}$/i.test(value);
    case "network":
      meant.network = value;
      return value !== "";
    case "after":
    case "from":
      return isDay(value) && set(meant, { from: value });
    case "before":
    case "to":
      return isDay(value) && set(meant, { to: value });
    case "on":
      return isDay(value) && set(meant, { from: value, to: value });
    case "amount":
      return understandAmount(meant, value.replaceAll(",", "."));
    default:
      return false;
  }
}

/** `>1`, `<0.5`, `1..2` or `1`; both ends are included. */
function understandAmount(meant: Meant, value: string): boolean {
  const [, sign = "", one = "", other] =
    /^([<>]=?)?(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(value) ?? [];
  if (one === "" || (sign !== "" && other !== undefined)) {
    return false;
  }
  if (sign.startsWith(">")) {
    return set(meant, { least: one });
  }
  return set(meant, sign.startsWith("<") ? { most: one } : { least: one, most: other ?? one });
}

function set(meant: Meant, change: Partial<Meant>): true {
  Object.assign(meant, change);
  return true;
}
