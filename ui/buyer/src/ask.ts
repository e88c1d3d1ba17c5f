import type { GrantAnswer, PaymentRequired, Refusal } from "./contract";
import { asFile, type KeptGrant } from "./keep";
import { asPaymentRequired } from "./offer";
import { asCount, asRecord, asShape, asText, parseJson } from "./read";
import { decodeHeader } from "./wire";

/** Why a payment was not taken: a word for programs, a sentence for people. */
export interface Reason {
  code: string;
  sentence: string | null;
  alreadyPaid: boolean;
}

/** What a service answered to a paid call. */
export interface Body {
  bytes: Blob;
  type: string;
  fileName: string | null;
}

/** What came of asking the endpoint's URL; `contract.ts` says which answers mean what. */
export type Answer =
  | { is: "grant"; grant: Omit<KeptGrant, "payer" | "since"> }
  | { is: "body"; body: Body }
  | { is: "terms"; terms: PaymentRequired; reason: Reason }
  | { is: "failed"; reason: Reason }
  | { is: "settling"; seconds: number }
  | { is: "away"; seconds: number | null; sentence: string | null }
  | { is: "called" }
  | { is: "gone" }
  | { is: "silent" };

export type Proof = { "PAYMENT-SIGNATURE": string } | { "SIGN-IN-WITH-X": string };

const GRANT = "application/json; profile=stallkeeper-grant";

/** An instant sale is answered once the chain has it; nobody waits for its headers for ever. */
const LONGEST_WAIT_MS = 120_000;

/** How long to wait where a seller says "later" without saying when. */
const SOON_S = 3;

/** Asks the URL; `isService` when the body of the answer is what is bought. */
export async function ask(address: string, isService: boolean, proof?: Proof): Promise<Answer> {
  const accept = proof === undefined ? "application/json" : isService ? "*/*" : GRANT;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), LONGEST_WAIT_MS);
  try {
    const response = await fetch(address, {
      headers: { Accept: accept, ...proof },
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: patience.signal,
    });
    // What is bought may take as long as it takes.
    clearTimeout(timer);
    return await understand(response, isService);
  } catch {
    return { is: "silent" };
  } finally {
    clearTimeout(timer);
  }
}

/** What an answer means. */
export async function understand(response: Response, isService: boolean): Promise<Answer> {
  if (response.ok) {
    return await bought(response, isService);
  }
  const body = asShape<Refusal>(parseJson(await response.text()));
  const seconds = retryAfter(response.headers.get("Retry-After"));
  const sentence = asText(body?.errorMessage) ?? asText(body?.message);
  switch (response.status) {
    case 402:
      return refused(response.headers, asText(body?.error), sentence, body?.alreadyPaid === true);
    case 409:
      return { is: "called" };
    case 403:
    case 404:
    case 410:
      return { is: "gone" };
    case 503:
      if (body?.error === "settlement_pending") {
        return { is: "settling", seconds: seconds ?? SOON_S };
      }
      return { is: "away", seconds, sentence };
    default:
      return { is: "away", seconds, sentence };
  }
}

async function bought(response: Response, isService: boolean): Promise<Answer> {
  const bytes = await response.blob();
  const type = response.headers.get("Content-Type") ?? "application/octet-stream";
  if (!isService && type.startsWith("application/json")) {
    const answer = asShape<GrantAnswer>(parseJson(await bytes.text()));
    const grant = asText(answer?.grant);
    if (answer !== null && grant !== null) {
      return {
        is: "grant",
        grant: {
          grant,
          receipt: asText(answer.receipt),
          status: asText(answer.status),
          fileName: asText(answer.fileName),
          sizeBytes: asCount(answer.sizeBytes),
          files: Array.isArray(answer.files) ? answer.files.map(asFile).filter((file) => file !== null) : [],
        },
      };
    }
  }
  return {
    is: "body",
    body: { bytes, type, fileName: namedIn(response.headers.get("Content-Disposition")) },
  };
}

function refused(
  headers: Headers,
  code: string | null,
  sentence: string | null,
  alreadyPaid: boolean,
): Answer {
  const terms = asPaymentRequired(decodeHeader(headers.get("PAYMENT-REQUIRED")));
  if (terms !== null) {
    const said = asShape<Refusal>(terms);
    const reason = {
      code: asText(said?.error) ?? code ?? "",
      sentence: asText(said?.errorMessage) ?? sentence,
      alreadyPaid,
    };
    return { is: "terms", terms, reason };
  }
  const settled = asRecord(decodeHeader(headers.get("PAYMENT-RESPONSE")));
  if (settled?.success === false) {
    const reason = {
      code: asText(settled.errorReason) ?? "",
      sentence: asText(settled.errorMessage) ?? sentence,
      alreadyPaid: false,
    };
    return { is: "failed", reason };
  }
  // A 402 that says neither terms nor outcome decides nothing.
  return { is: "away", seconds: null, sentence };
}

/** Seconds, from either form that the header has. */
function retryAfter(header: string | null): number | null {
  if (header === null) {
    return null;
  }
  const seconds = /^\d{1,6}$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null;
}

/** The name in a `Content-Disposition`; the form with its alphabet comes first (RFC 6266). */
function namedIn(header: string | null): string | null {
  const extended = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(header ?? "")?.[1];
  try {
    if (extended !== undefined) {
      return decodeURIComponent(extended);
    }
  } catch {
    // Then the plain form has to do.
  }
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(header ?? "");
  return plain?.[1] ?? plain?.[2] ?? null;
}

/** Whether a grant's link is over; `null` where the seller cannot be asked. */
export async function isOver(link: string): Promise<boolean | null> {
  try {
    const { status } = await fetch(link, {
      method: "HEAD",
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    return status === 403 || status === 404 || status === 410;
  } catch {
    return null;
  }
}
