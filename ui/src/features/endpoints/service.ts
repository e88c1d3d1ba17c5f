import type { ServiceSet } from "../../api/generated/ServiceSet";
import type { ServiceView } from "../../api/generated/ServiceView";
import { m } from "../../i18n/paraglide/messages";

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
  patience: string;
}

export const NEW_SERVICE: ServiceDraft = {
  upstream: "",
  remote: false,
  pattern: "",
  methods: ["GET"],
  requestHeaders: "",
  answerHeaders: "",
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
    patience: String(service.patienceSeconds),
  };
}

/** The same as the app is asked for it. */
export function serviceSet(draft: ServiceDraft): ServiceSet {
  return {
    upstream: draft.upstream.trim(),
    remote: draft.remote,
    pattern: draft.pattern.trim(),
    methods: [...draft.methods],
    requestHeaders: names(draft.requestHeaders),
    answerHeaders: names(draft.answerHeaders),
    patienceSeconds: Number(draft.patience),
  };
}

/** What is wrong with what was typed; the app knows the rest. */
export interface ServiceProblems {
  upstream: string | null;
  methods: string | null;
  patience: string | null;
}

export function serviceProblems({ upstream, methods, patience }: ServiceDraft): ServiceProblems {
  return {
    upstream: /^https?:\/\/[^/\s]/.test(upstream.trim()) ? null : m.endpoints_upstream_wrong(),
    methods: methods.length === 0 ? m.endpoints_methods_none() : null,
    patience:
      /^[1-9]\d{0,2}$/.test(patience) && Number(patience) <= 600 ? null : m.endpoints_patience_wrong(),
  };
}

export function isServiceWrong(problems: ServiceProblems): boolean {
  return Object.values(problems).some((problem) => problem !== null);
}

function names(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
