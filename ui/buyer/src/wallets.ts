import { createStore } from "mipd";
import type { Provider } from "./wallet";

/** A wallet that lives in this browser. */
export interface FoundWallet {
  /** What it calls itself; shown as text. */
  name: string;
  /** `data:image/…`, or `null`. Only ever the source of an `<img>`, because SVG can carry script. */
  icon: string | null;
  /** Its reversed domain name, by which it is known again. */
  rdns: string;
  provider: Provider;
}

const LONGEST_NAME = 60;

/** Watches for wallets that announce themselves (EIP-6963); the old single place counts where none does. */
export class Wallets {
  readonly #store = createStore();
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
  }

  /** The wallets there are, the one that was used last first. */
  list(last: string | null): FoundWallet[] {
    const found = this.#store.getProviders().map(({ info, provider }): FoundWallet => {
      const icon = typeof info.icon === "string" && info.icon.startsWith("data:image/") ? info.icon : null;
      const name = String(info.name).trim().slice(0, LONGEST_NAME);
      return {
        name: name === "" ? String(info.rdns) : name,
        icon,
        rdns: String(info.rdns),
        provider: provider as Provider,
      };
    });
    const old = (this.#window as { ethereum?: Provider }).ethereum;
    if (found.length === 0 && typeof old?.request === "function") {
      found.push({ name: "", icon: null, rdns: "window.ethereum", provider: old });
    }
    return found.sort((one, other) => Number(other.rdns === last) - Number(one.rdns === last));
  }

  /** Calls back whenever another wallet has announced itself. */
  watch(changed: () => void): void {
    this.#store.subscribe(changed);
  }

  /** Asks all wallets to announce themselves again. */
  lookAgain(): void {
    this.#store.reset();
  }
}
