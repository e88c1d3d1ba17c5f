import type { State } from "../state";
import { h } from "./element";
import { button, buttons, text } from "./parts";
import type { Panel, Scene } from "./scene";

/** This wallet will not be served; another one may. */
export function blocked({ purchase, words }: Scene, { sentence }: Extract<State, { is: "blocked" }>): Panel {
  return {
    title: words.blocked_title,
    parts: [
      sentence === null ? null : h("div", { class: "notice" }, text(sentence)),
      text(words.blocked_text),
      buttons(
        button(words.review_other, () => purchase.back("pay")),
        purchase.canSignIn ? button(words.choose_prove, () => purchase.back("prove"), "plain") : null,
      ),
    ],
    said: sentence ?? words.blocked_text,
  };
}

export function gone({ words }: Scene): Panel {
  return { title: words.gone_title, parts: [text(words.gone_text)] };
}

export function programsOnly({ page, words }: Scene): Panel {
  return { title: words.programs_title, parts: [text(words.programs_text(page.method))] };
}

export function nothingPayable({ words }: Scene): Panel {
  return { title: words.unpayable_title, parts: [text(words.unpayable_text)] };
}
