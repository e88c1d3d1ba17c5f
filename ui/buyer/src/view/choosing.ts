import { walletLinks } from "../links";
import { formatTokens } from "../money";
import { qr } from "../qr";
import type { State } from "../state";
import type { FoundWallet } from "../wallets";
import { h, path } from "./element";
import { button, noticeBox, quiet, text } from "./parts";
import type { Panel, Scene } from "./scene";

const WALLET = "M2 5a2 2 0 0 1 2-2h9v2H4v1h11a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a2 2 0 0 1-2-2zm10 5v2h2v-2z";

/** The wallets to choose from, or what to do without one. */
export function choosing(scene: Scene, state: Extract<State, { is: "choosing" }>): Panel {
  const { purchase, wallets, words } = scene;
  const { box, said } = noticeBox(scene, state.notice);
  const isProof = purchase.purpose === "prove";
  const spoken = said === undefined ? {} : { said };
  if (wallets.length === 0) {
    return {
      title: isProof ? words.prove_title : words.none_title,
      parts: [box, ...elsewhere(scene)],
      ...spoken,
    };
  }
  const list = h(
    "ul",
    { class: "wallets", "aria-label": words.choose_wallets },
    ...wallets.map((wallet) => h("li", null, walletButton(scene, wallet))),
  );
  if (isProof) {
    const back = button(words.prove_back, () => purchase.back("pay"), "plain");
    return { title: words.prove_title, parts: [box, text(words.prove_text), list, back], ...spoken };
  }
  return {
    title: words.choose_title,
    parts: [box, ways(scene), list, quiet(words.choose_after), ownership(scene)],
    ...spoken,
  };
}

function walletButton(scene: Scene, wallet: FoundWallet): HTMLElement {
  const { lastWallet, purchase, words } = scene;
  const icon =
    wallet.icon === null
      ? path(18, WALLET, "icon none")
      : h("img", { class: "icon", src: wallet.icon, alt: "", width: "32", height: "32" });
  const isLast = wallet.rdns === lastWallet && scene.wallets.length > 1;
  return h(
    "button",
    { type: "button", onclick: () => void purchase.use(wallet) },
    icon,
    h("span", { class: "label" }, wallet.name === "" ? words.choose_oldWallet : wallet.name),
    isLast && h("span", { class: "last" }, words.choose_lastUsed),
  );
}

/** Networks and tokens, where the seller takes several. */
function ways(scene: Scene): HTMLElement | null {
  const { purchase, words } = scene;
  if (purchase.choices.length < 2) {
    return null;
  }
  const rows = purchase.choices.map((choice, index) =>
    h(
      "label",
      { class: "way" },
      h("input", {
        type: "radio",
        name: "way",
        checked: choice === purchase.choice,
        onchange: () => purchase.choose(index),
      }),
      h("span", null, `${choice.token.symbol} · ${choice.network.name}`),
      h("span", { class: "amount" }, formatTokens(choice.amount, choice.token)),
    ),
  );
  return h("fieldset", null, h("legend", null, words.choose_ways), ...rows);
}

function ownership(scene: Scene): HTMLElement | null {
  const { purchase, words } = scene;
  if (!purchase.canSignIn) {
    return null;
  }
  const prove = button(words.choose_prove, () => purchase.back("prove"), "plain");
  return h("div", { class: "owned" }, h("span", { class: "quiet" }, words.choose_owned), prove);
}

/** No wallet here: the same page on a phone, or inside a wallet's own browser. */
function elsewhere({ lookForWallets, page, words }: Scene): (Node | null)[] {
  const code = qr(page.url);
  const links = walletLinks(page.url).map(({ href, name }) =>
    h("li", null, h("a", { class: "button", href, rel: "noreferrer" }, name)),
  );
  return [
    text(words.none_text),
    code === null
      ? null
      : h("div", { class: "code", role: "img", "aria-label": words.none_code }, drawn(code)),
    h("ul", { class: "apps", "aria-label": words.none_apps }, ...links),
    h(
      "div",
      { class: "owned" },
      h("span", { class: "quiet" }, words.none_installed),
      button(words.none_again, lookForWallets, "plain"),
    ),
  ];
}

function drawn(code: boolean[][]): SVGSVGElement {
  const modules = code.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")));
  return path(code.length, modules.join(""), "modules");
}
