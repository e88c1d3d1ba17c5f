import { formatTime } from "../figures";
import type { State } from "../state";
import { h } from "./element";
import { button, buttons, quiet, steps, text } from "./parts";
import type { Panel, Scene } from "./scene";

/** A signed payment whose answer has not come: it is never signed anew, only sent again. */
export function kept(scene: Scene, state: Extract<State, { is: "kept" }>): Panel {
  const { purchase, words } = scene;
  const { payment, sentence, why } = state;
  const told =
    why === "reloaded"
      ? words.kept_reloaded(payment.price, formatTime(new Date(payment.signedAt)))
      : why === "silent"
        ? words.kept_silent
        : why === "settling"
          ? words.kept_settlingText
          : words.kept_away;
  const until = new Date(payment.validBefore * 1000);
  return {
    title: why === "settling" ? words.kept_settling : words.kept_title,
    parts: [
      steps(words, "pay"),
      h("div", { class: "notice" }, text(told), sentence === null ? null : text(sentence)),
      text(words.kept_same),
      quiet(
        until.getTime() > Date.now()
          ? words.kept_until(formatTime(until))
          : words.kept_wasUntil(formatTime(until)),
      ),
      buttons(button(words.kept_button, () => purchase.resume(payment))),
    ],
    said: told,
  };
}

export function elsewhere({ words }: Scene): Panel {
  return {
    title: words.elsewhere_title,
    parts: [
      h(
        "div",
        { class: "work" },
        h("span", { class: "wheel", "aria-hidden": "true" }),
        quiet(words.elsewhere_text),
      ),
    ],
  };
}

/** The stall is paused or away. It is looked at again by itself, but only while somebody sees the page. */
export function closed(scene: Scene, state: Extract<State, { is: "closed" }>): Panel {
  const { purchase, words } = scene;
  const at = Date.now() + state.seconds * 1000;
  const look = () => {
    clearInterval(ticking);
    return purchase.lookAgain();
  };
  const ticking = setInterval(() => {
    if (purchase.state !== state) {
      clearInterval(ticking);
    } else if (Date.now() >= at && document.visibilityState === "visible") {
      void look();
    }
  }, 1000);
  return {
    title: words.closed_title,
    parts: [
      h("div", { class: "notice" }, text(state.sentence ?? words.closed_text)),
      quiet(words.closed_again(formatTime(new Date(at)))),
      buttons(button(words.closed_button, look)),
    ],
    said: state.sentence ?? words.closed_text,
  };
}
