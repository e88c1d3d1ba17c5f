import { formatPrice, formatTokens } from "../money";
import type { Notice } from "../state";
import type { Messages } from "../words";
import { h } from "./element";
import { chosen, type Scene } from "./scene";

export function text(sentence: string): HTMLElement {
  return h("p", null, sentence);
}

export function quiet(sentence: string): HTMLElement {
  return h("p", { class: "quiet" }, sentence);
}

/** A button; what it begins may take a while and never fails unheard. */
export function button(
  label: string,
  onclick: () => unknown,
  look: "main" | "" | "plain" = "main",
): HTMLElement {
  return h("button", { type: "button", class: look, onclick: () => void onclick() }, label);
}

export function buttons(...all: (HTMLElement | null)[]): HTMLElement {
  return h("div", { class: "buttons" }, ...all);
}

export function testMark(scene: Scene): HTMLElement | null {
  return scene.page.environment === "live" ? null : h("span", { class: "test" }, scene.words.test);
}

/** `$0.05 (0.05 USDC)` or, where that is the same, `0.05 EURC`. */
export function fullPrice(scene: Scene): string {
  const { amount, token } = chosen(scene);
  const [price, tokens] = [formatPrice(amount, token), formatTokens(amount, token)];
  return price === tokens ? price : `${price} (${tokens})`;
}

/** A box that says what just happened, with the seller's or the wallet's own sentence where there is one. */
export function noticeBox(scene: Scene, notice: Notice | null): { box: HTMLElement | null; said?: string } {
  if (notice === null) {
    return { box: null };
  }
  const sentence = sentenceOf(scene, notice);
  const theirs =
    "sentence" in notice && notice.sentence !== null && notice.sentence !== "" ? notice.sentence : null;
  const box = h("div", { class: "notice" }, text(sentence), theirs === null ? null : text(theirs));
  return { box, said: theirs === null ? sentence : `${sentence} ${theirs}` };
}

function sentenceOf(scene: Scene, notice: Notice): string {
  const { words } = scene;
  if (notice.is === "priceChanged") {
    const now = chosen(scene);
    return words.notice_priceChanged(
      formatPrice(notice.old.amount, notice.old.token),
      formatPrice(now.amount, now.token),
    );
  }
  return words[`notice_${notice.is}`];
}

const STEPS = ["connect", "sign", "pay", "receive"] as const;

export type Step = (typeof STEPS)[number];

/** Where the buyer is on the way from a wallet to the file. */
export function steps(words: Messages, at: Step): HTMLElement {
  const now = STEPS.indexOf(at);
  const items = STEPS.map((step, index) => {
    const name = words[`step_${step}`];
    if (index < now) {
      return h("li", { class: "done", "aria-label": words.step_done(name) }, name);
    }
    return h("li", index === now ? { "aria-current": "step" } : null, name);
  });
  return h("ol", { class: "steps", "aria-label": words.steps }, ...items);
}
