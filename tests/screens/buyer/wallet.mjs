// A wallet in the browser, as extensions are: it announces itself (EIP-6963) and signs with a key that stays outside of the page.
import { privateKeyToAccount } from "./packages.mjs";

const KEYS = [
  "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
];

const FOX =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%23f6851b'/%3E%3Cpath d='M7 8l7 5h4l7-5-2 12-7 5-7-5z' fill='%23fff'/%3E%3C/svg%3E";

class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export class Wallet {
  /** Every method it was asked for, in order. */
  asked = [];
  chainId = 8453;
  /** Networks it can change to. */
  knows = new Set([8453]);
  /** In millionths. */
  balance = 4_200_000n;
  /** What it does about a method before anything else: `{ eth_requestAccounts: () => { throw … } }` */
  before = {};

  constructor({ name = "Fox Wallet", rdns = "example.fox", icon = FOX, key = 0 } = {}) {
    this.info = { name, rdns, icon, uuid: `350670db-19fa-4704-a166-e52e17${key}${String(rdns.length).padStart(5, "0")}` };
    this.account = privateKeyToAccount(KEYS[key]);
  }

  /** Puts the wallet into every page of a context. */
  async install(context) {
    const binding = `wallet_${this.info.rdns.replaceAll(".", "_")}`;
    await context.exposeFunction(binding, (question) =>
      this.answer(question).then(
        (result) => ({ result }),
        ({ code = -32603, message }) => ({ error: { code, message } }),
      ),
    );
    await context.addInitScript(announce, { binding, info: this.info });
  }

  /** Tells a page that something changed in the wallet. */
  emit(page, event) {
    return page.evaluate(([rdns, name]) => window.testWallets[rdns].emit(name), [this.info.rdns, event]);
  }

  times(method) {
    return this.asked.filter((asked) => asked === method).length;
  }

  async answer({ method, params = [] }) {
    this.asked.push(method);
    await this.before[method]?.(params);
    switch (method) {
      case "eth_requestAccounts":
      case "eth_accounts":
        return [this.account.address.toLowerCase()];
      case "eth_chainId":
        return `0x${this.chainId.toString(16)}`;
      case "wallet_switchEthereumChain": {
        const wanted = Number(params[0].chainId);
        if (!this.knows.has(wanted)) {
          throw new Refused(4902, "Unrecognized chain ID. Try adding the chain using wallet_addEthereumChain first.");
        }
        this.chainId = wanted;
        return null;
      }
      case "wallet_addEthereumChain":
        this.knows.add(Number(params[0].chainId));
        return null;
      case "eth_call":
        return `0x${this.balance.toString(16).padStart(64, "0")}`;
      case "eth_signTypedData_v4": {
        const { domain, message, primaryType, types } = JSON.parse(params[1]);
        if (Number(domain.chainId) !== this.chainId) {
          throw new Refused(-32602, "The chain of the message is not the wallet's.");
        }
        const { EIP712Domain: _, ...own } = types;
        return this.account.signTypedData({ domain, message, primaryType, types: own });
      }
      case "personal_sign":
        return this.account.signMessage({ message: { raw: params[0] } });
      default:
        throw new Refused(4200, `${method} is not supported`);
    }
  }

  /** What a person does who presses *Reject*. */
  static reject() {
    throw new Refused(4001, "User rejected the request.");
  }
}

// Runs in the page.
function announce({ binding, info }) {
  const listeners = new Map();
  const provider = {
    async request(question) {
      const { error, result } = await window[binding](structuredClone(question));
      if (error !== undefined) {
        throw Object.assign(new Error(error.message), { code: error.code });
      }
      return result;
    },
    on(event, listener) {
      listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    },
    removeListener(event, listener) {
      listeners.set(event, (listeners.get(event) ?? []).filter((other) => other !== listener));
    },
    emit(event) {
      for (const listener of listeners.get(event) ?? []) {
        listener();
      }
    },
  };
  window.testWallets = { ...window.testWallets, [info.rdns]: provider };
  const say = () =>
    window.dispatchEvent(
      new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info: Object.freeze(info), provider }) }),
    );
  window.addEventListener("eip6963:requestProvider", say);
  say();
}
