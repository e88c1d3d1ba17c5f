import { getAddress } from "viem/utils";
import { shortAddress } from "../figures";
import { formatTokens } from "../money";
import type { State } from "../state";
import type { Messages } from "../words";
import { h } from "./element";
import { button, quiet, type Step, steps, text } from "./parts";
import { chosen, type Panel, type Scene } from "./scene";

type Working = Extract<State, { is: "working" }>;

const AT: Record<Working["step"], Step> = {
  connecting: "connect",
  switching: "connect",
  checking: "connect",
  signing: "sign",
  signingIn: "sign",
  sending: "pay",
  settling: "pay",
};

/** Something is under way, in the wallet or at the seller's. */
export function working(scene: Scene, { step, wallet }: Working): Panel {
  const { purchase, words } = scene;
  const name = wallet === "" ? words.work_theWallet : wallet;
  const inWallet =
    step === "connecting" || step === "switching" || step === "signing" || step === "signingIn";
  return {
    title: sentence(words, step, name, purchase.choice?.network.name ?? ""),
    parts: [
      steps(words, AT[step]),
      h(
        "div",
        { class: "work" },
        h("span", { class: "wheel", "aria-hidden": "true" }),
        quiet(inWallet ? words.work_wallet : words.work_wait),
      ),
      step === "signing" ? compare(scene) : null,
      // Nothing is lost: what the wallet answers to a page that is gone is worth nothing.
      inWallet ? button(words.work_stuck, () => location.reload(), "plain") : null,
    ],
  };
}

/** A wallet's window shows what it really signs; the buyer should know what to look for. */
function compare(scene: Scene): HTMLElement {
  const { amount, requirements, token } = chosen(scene);
  const address = shortAddress(getAddress(requirements.payTo));
  return text(scene.words.work_compare(formatTokens(amount, token), String(amount), address));
}

function sentence(words: Messages, step: Working["step"], wallet: string, network: string): string {
  switch (step) {
    case "connecting":
      return words.work_connecting(wallet);
    case "switching":
      return words.work_switching(network);
    case "checking":
      return words.work_checking;
    case "signing":
      return words.work_signing(wallet);
    case "signingIn":
      return words.work_signingIn(wallet);
    case "sending":
      return words.work_sending;
    case "settling":
      return words.work_settling;
  }
}
