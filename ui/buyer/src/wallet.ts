import { getAddress, isAddress } from "viem/utils";
import type { Choice } from "./offer";
import { asRecord, type Fields } from "./read";

/** A wallet in the browser (EIP-1193). */
export interface Provider {
  request(question: { method: string; params?: unknown }): Promise<unknown>;
  on?(event: string, listener: () => void): unknown;
  removeListener?(event: string, listener: () => void): unknown;
}

/** Why a wallet did not do what it was asked. */
export type WalletTrouble = "rejected" | "busy" | "unknownNetwork" | "failed";

export class WalletError extends Error {
  readonly trouble: WalletTrouble;

  constructor(trouble: WalletTrouble, sentence: string) {
    super(sentence);
    this.trouble = trouble;
  }
}

const TROUBLE: Record<number, WalletTrouble> = {
  4001: "rejected",
  [-32002]: "busy",
  4902: "unknownNetwork",
};

/** Some wallets wrap the error that counts in others. */
function troubleOf(error: unknown): WalletTrouble {
  for (let at = asRecord(error), depth = 0; at !== null && depth < 4; depth += 1) {
    const trouble = typeof at.code === "number" ? TROUBLE[at.code] : undefined;
    if (trouble !== undefined) {
      return trouble;
    }
    if (at.code === "ACTION_REJECTED") {
      return "rejected";
    }
    at = asRecord(at.originalError) ?? asRecord(asRecord(at.data)?.originalError) ?? asRecord(at.cause);
  }
  return "failed";
}

async function ask(provider: Provider, method: string, params: unknown = []): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const sentence = asRecord(error)?.message;
    throw new WalletError(troubleOf(error), typeof sentence === "string" ? sentence : "");
  }
}

/** Opens the wallet for this page and says with which account. */
export async function connect(provider: Provider): Promise<string> {
  return firstAccount(await ask(provider, "eth_requestAccounts"));
}

/** The account that is open for this page now, or `null`. */
export async function account(provider: Provider): Promise<string | null> {
  const accounts = await ask(provider, "eth_accounts");
  return Array.isArray(accounts) && accounts.length > 0 ? firstAccount(accounts) : null;
}

function firstAccount(accounts: unknown): string {
  const first: unknown = Array.isArray(accounts) ? accounts[0] : null;
  if (typeof first !== "string" || !isAddress(first, { strict: false })) {
    throw new WalletError("failed", "");
  }
  return getAddress(first);
}

/** Calls back when account or network change in the wallet; answers how to stop that. */
export function onChange(provider: Provider, changed: () => void): () => void {
  const events = ["accountsChanged", "chainChanged"];
  for (const event of events) {
    provider.on?.(event, changed);
  }
  return () => {
    for (const event of events) {
      provider.removeListener?.(event, changed);
    }
  };
}

export async function isOnNetwork(provider: Provider, choice: Choice): Promise<boolean> {
  return Number(await ask(provider, "eth_chainId")) === choice.chainId;
}

/** Asks the wallet to go to the network; one that does not know it is told about it, if it can be. */
export async function switchNetwork(provider: Provider, choice: Choice): Promise<void> {
  const { chainId, network } = choice;
  const id = `0x${chainId.toString(16)}`;
  try {
    await ask(provider, "wallet_switchEthereumChain", [{ chainId: id }]);
  } catch (error) {
    if (
      !(error instanceof WalletError) ||
      error.trouble !== "unknownNetwork" ||
      network.rpcUrls.length === 0
    ) {
      throw error;
    }
    const description = {
      chainId: id,
      chainName: network.name,
      nativeCurrency: network.nativeCurrency,
      rpcUrls: network.rpcUrls,
      ...(network.explorerUrl === null ? {} : { blockExplorerUrls: [network.explorerUrl] }),
    };
    await ask(provider, "wallet_addEthereumChain", [description]);
    await ask(provider, "wallet_switchEthereumChain", [{ chainId: id }]);
  }
  if (!(await isOnNetwork(provider, choice))) {
    throw new WalletError("failed", "");
  }
}

/** What the account holds of the token, asked through the wallet; `null` where the wallet cannot say. */
export async function balance(provider: Provider, choice: Choice, payer: string): Promise<bigint | null> {
  // balanceOf(address)
  const data = `0x70a08231${payer.slice(2).toLowerCase().padStart(64, "0")}`;
  try {
    const answer = await ask(provider, "eth_call", [{ to: choice.requirements.asset, data }, "latest"]);
    return typeof answer === "string" && /^0x[0-9a-f]{64}$/i.test(answer) ? BigInt(answer) : null;
  } catch {
    return null;
  }
}

/** Asks for a signature of typed data (EIP-712). */
export async function signTyped(provider: Provider, payer: string, message: Fields): Promise<string> {
  return signature(await ask(provider, "eth_signTypedData_v4", [payer, JSON.stringify(message)]));
}

/** Asks for a signature of a text (EIP-191). */
export async function signText(provider: Provider, payer: string, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return signature(await ask(provider, "personal_sign", [`0x${hex}`, payer]));
}

function signature(answer: unknown): string {
  // Smart accounts sign with more than 65 bytes.
  if (typeof answer !== "string" || !/^0x(?:[0-9a-f]{2}){64,}$/i.test(answer)) {
    throw new WalletError("failed", "");
  }
  return answer;
}
