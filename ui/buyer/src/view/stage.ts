import { formatPrice, formatTokens } from "../money";
import type { State } from "../state";
import { h } from "./element";
import { panelFor } from "./panel";
import { testMark } from "./parts";
import type { Scene } from "./scene";

/** The place on the page that the program has taken over from the template. */
export class Stage {
  readonly #place: HTMLElement;
  readonly #ears: HTMLElement;
  #shown: State["is"] | null = null;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#ears = h("p", { class: "ears", role: "status" });
    place.after(this.#ears);
  }

  show(scene: Scene, state: State): void {
    showPrice(scene);
    const { parts, said, title } = panelFor(scene, state);
    // Whoever uses the keyboard stands on what is about to go, and is brought to what comes instead.
    // Whoever reads elsewhere on the page stays there.
    const isInside = this.#place.contains(document.activeElement);
    const isNowhere = document.activeElement === document.body;
    const lastChecked = this.#place.querySelector<HTMLInputElement>("input:focus") !== null;
    const heading = h("h2", { tabindex: "-1" }, title);
    this.#place.replaceChildren(heading, ...parts.filter((part) => part !== null));
    if (lastChecked && this.#shown === state.is) {
      this.#place.querySelector<HTMLInputElement>("input:checked")?.focus();
    } else if (isInside || (isNowhere && this.#shown !== null && this.#shown !== state.is)) {
      heading.focus({ preventScroll: !isInside });
    }
    if (this.#shown !== null || said !== undefined) {
      this.say(said === undefined || state.is === "working" ? title : said);
    }
    this.#shown = state.is;
  }

  readonly say = (sentence: string): void => {
    this.#ears.textContent = sentence;
  };
}

/** The price stands in the template; terms that are newer count. */
function showPrice(scene: Scene): void {
  const { choice } = scene.purchase;
  const price = document.getElementById("price");
  const paidWith = document.getElementById("paid-with");
  if (choice === null || price === null || paidWith === null) {
    return;
  }
  price.replaceChildren(formatPrice(choice.amount, choice.token), testMark(scene) ?? "");
  paidWith.textContent = scene.words.paid_with(
    formatTokens(choice.amount, choice.token),
    choice.network.name,
  );
}
