import { m } from "../i18n/messages";
import type { Tone } from "./Badge";

interface Answer {
  word: () => string;
  tone: Tone;
}

const ANSWERS: Record<number, Answer> = {
  402: { word: m.visitors_answer_402, tone: "pending" },
  404: { word: m.visitors_answer_404, tone: "neutral" },
  409: { word: m.visitors_answer_409, tone: "warning" },
  421: { word: m.visitors_answer_421, tone: "neutral" },
  429: { word: m.visitors_answer_429, tone: "warning" },
  503: { word: m.visitors_answer_503, tone: "warning" },
};

/** What a status says to whoever asked, in words. */
export function answerOf(status: number): Answer {
  const known = ANSWERS[status];
  if (known !== undefined) {
    return known;
  }
  if (status < 300) {
    return { word: m.visitors_answer_served, tone: "settled" };
  }
  if (status < 400) {
    return { word: m.visitors_answer_elsewhere, tone: "neutral" };
  }
  return status < 500
    ? { word: m.visitors_answer_refused, tone: "neutral" }
    : { word: m.visitors_answer_failed, tone: "failed" };
}
