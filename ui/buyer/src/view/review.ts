import { getAddress } from "viem/utils";
import { formatTime, shortAddress } from "../figures";
import { formatPrice, formatTokens } from "../money";
import type { State } from "../state";
import { h } from "./element";
import { button, buttons, fullPrice, noticeBox, quiet, steps, testMark, text } from "./parts";
import { chosen, type Panel, type Scene } from "./scene";

/** In plain words what the wallet is about to sign. */
export function reviewing(scene: Scene, state: Extract<State, { is: "reviewing" }>): Panel {
  const { page, purchase, words } = scene;
  const choice = chosen(scene);
  const price = formatPrice(choice.amount, choice.token);
  const until = new Date(Date.now() + choice.requirements.maxTimeoutSeconds * 1000);
  const { box, said } = noticeBox(scene, state.notice);
  const rows: [string, ...(Node | string | null)[]][] = [
    [words.review_pay, fullPrice(scene), testMark(scene)],
    [
      words.review_to,
      h("bdi", null, page.seller.name),
      note(getAddress(choice.requirements.payTo), "note address"),
    ],
    [words.review_network, choice.network.name],
    [
      words.review_from,
      h("span", { title: state.payer }, shortAddress(state.payer)),
      state.balance === null ? null : note(words.review_holds(formatTokens(state.balance, choice.token))),
    ],
    [words.review_fee, words.review_noFee],
    [words.review_until, formatTime(until), note(words.review_untilText)],
  ];
  return {
    title: words.review_title,
    parts: [
      steps(words, "sign"),
      box,
      h(
        "dl",
        { class: "signed" },
        ...rows.map(([name, ...value]) => h("div", null, h("dt", null, name), h("dd", null, ...value))),
      ),
      quiet(words.review_only(price)),
      buttons(
        button(words.review_button(price), () => purchase.pay()),
        button(words.review_other, () => purchase.back(), "plain"),
      ),
    ],
    ...(said === undefined ? {} : { said }),
  };
}

function note(sentence: string, look = "note"): HTMLElement {
  return h("span", { class: look }, sentence);
}

export function wrongNetwork(scene: Scene, { trouble }: Extract<State, { is: "wrongNetwork" }>): Panel {
  const { purchase, words } = scene;
  const { name } = chosen(scene).network;
  const why =
    trouble === "rejected"
      ? words.network_rejected
      : trouble === "unknownNetwork"
        ? words.network_unknown(name)
        : words.network_failed;
  return {
    title: words.network_title(name),
    parts: [
      steps(words, "connect"),
      text(words.network_text(name)),
      h("div", { class: "notice" }, text(why)),
      buttons(
        button(words.network_button(name), () => purchase.prepare(null)),
        button(words.review_other, () => purchase.back(), "plain"),
      ),
    ],
    said: why,
  };
}

/** The wallet is good, but holds too little of the token. */
export function short(scene: Scene, { balance, payer }: Extract<State, { is: "short" }>): Panel {
  const { purchase, words } = scene;
  const { amount, network, token } = chosen(scene);
  const why =
    balance === null
      ? words.short_unknown(token.symbol, network.name)
      : words.short_holds(formatTokens(balance, token), formatTokens(amount, token), network.name);
  return {
    title: words.short_title(token.symbol),
    parts: [
      steps(words, "connect"),
      text(why),
      h("div", null, quiet(words.short_add(token.symbol, network.name)), h("p", { class: "address" }, payer)),
      quiet(words.short_nothing),
      buttons(
        button(words.short_button, () => purchase.prepare(null)),
        button(words.review_other, () => purchase.back(), "plain"),
      ),
    ],
    said: why,
  };
}
