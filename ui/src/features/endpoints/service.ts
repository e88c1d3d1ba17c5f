import type { ServiceSet } from "../../api/generated/ServiceSet";
import type { ServiceView } from "../../api/generated/ServiceView";
import { m } from "../../i18n/messages";
import { formatDecimal, fromAtomic, parseAmount, toAtomic } from "../../lib/money";

/** A megabyte has a million bytes. */
const MEGABYTE_PLACES = 6;

/** What a service may be asked. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What was typed about a service. */
export interface ServiceDraft {
  upstream: string;
  remote: boolean;
  pattern: string;
  methods: readonly string[];
  /** Names with commas or spaces between them. */
  requestHeaders: string;
  answerHeaders: string;
  /** The longest body that reaches it and the longest answer that is kept, in MB; empty as it was, or as it is by default. */
  longestRequest: string;
  longestAnswer: string;
  patience: string;
}

export const NEW_SERVICE: ServiceDraft = {
  upstream: "",
  remote: false,
  pattern: "",
  methods: ["GET"],
  requestHeaders: "",
  answerHeaders: "",
  longestRequest: "",
  longestAnswer: "",
  patience: "30",
};

/** A service as it is sold, to be changed. */
export function draftOf(service: ServiceView): ServiceDraft {
  return {
    upstream: service.upstream,
    remote: service.isRemote,
    pattern: service.pattern,
    methods: service.methods,
    requestHeaders: service.requestHeaders.join(", "),
    answerHeaders: service.answerHeaders.join(", "),
    longestRequest: megabytes(service.longestRequest),
    longestAnswer: megabytes(service.longestAnswer),
    patience: String(service.patienceSeconds),
  };
}

/** The same as the app is asked for it. */
export function serviceSet(draft: ServiceDraft): ServiceSet {
  const longestRequest = bytesOf(draft.longestRequest);
  const longestAnswer = bytesOf(draft.longestAnswer);
  return {
    upstream: draft.upstream.trim(),
    remote: draft.remote,
    pattern: draft.pattern.trim(),
    methods: [...draft.methods],
    requestHeaders: names(draft.requestHeaders),
    answerHeaders: names(draft.answerHeaders),
    ...(longestRequest !== null && { longestRequest }),
    ...(longestAnswer !== null && { longestAnswer }),
    patienceSeconds: Number(draft.patience),
  };
}

/** What is wrong with what was typed; the app knows the rest. */
export interface ServiceProblems {
  upstream: string | null;
  methods: string | null;
  longestRequest: string | null;
  longestAnswer: string | null;
  patience: string | null;
}

/** What was not filled in yet is no mistake yet. */
export const NO_PROBLEMS: ServiceProblems = {
  upstream: null,
  methods: null,
  longestRequest: null,
  longestAnswer: null,
  patience: null,
};

export function serviceProblems(draft: ServiceDraft): ServiceProblems {
  const { upstream, methods, longestRequest, longestAnswer, patience } = draft;
  return {
    upstream: /^https?:\/\/[^/\s]/.test(upstream.trim()) ? null : m.endpoints_upstream_wrong(),
    methods: methods.length === 0 ? m.endpoints_methods_none() : null,
    longestRequest: lengthProblem(longestRequest),
    longestAnswer: lengthProblem(longestAnswer),
    patience:
      /^[1-9]\d{0,2}$/.test(patience) && Number(patience) <= 600 ? null : m.endpoints_patience_wrong(),
  };
}

export function isServiceWrong(problems: ServiceProblems): boolean {
  return Object.values(problems).some((problem) => problem !== null);
}

/** A length as it is typed: in MB, exactly. */
function megabytes(bytes: number): string {
  return formatDecimal(fromAtomic(BigInt(bytes), MEGABYTE_PLACES), undefined, 0);
}

/** What was typed as bytes; null where nothing was, or no length. */
function bytesOf(typed: string): number | null {
  const { value } = parseAmount(typed, MEGABYTE_PLACES);
  return value === null ? null : Number(toAtomic(value, MEGABYTE_PLACES));
}

function lengthProblem(typed: string): string | null {
  const { problem } = parseAmount(typed, MEGABYTE_PLACES);
  return problem === null || problem === "empty" ? null : m.endpoints_length_wrong();
}

function names(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
