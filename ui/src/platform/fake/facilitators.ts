import type { FacilitatorCheckView } from "../../api/generated/FacilitatorCheckView";
import type { FacilitatorRemoved } from "../../api/generated/FacilitatorRemoved";
import type { FacilitatorSet } from "../../api/generated/FacilitatorSet";
import type { FacilitatorView } from "../../api/generated/FacilitatorView";
import { networkTitle } from "./networks";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

/** The facilitators that were set up, by network. */
export type Facilitators = Map<string, FacilitatorView>;

const HOST = /^(https:\/\/[^/?#@]+|http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?)(?:\/[^?#]*)?$/;

function purpose(used: string, host: string, title: string): string {
  return used === "always"
    ? `${host} settles every payment on ${title}; no gas wallet is needed.`
    : `${host} settles on ${title} what the gas wallet cannot pay for.`;
}

function find(stall: Stall, network: string): FacilitatorView {
  const found = stall.facilitators.get(network);
  if (found === undefined) {
    throw refuse("not_found", `There is no facilitator ${network}.`);
  }
  return found;
}

/** Lets a facilitator settle on a network. */
export function setFacilitator(stall: Stall, request: FacilitatorSet): FacilitatorView {
  const { network, credential } = request;
  if (stall.networks.find(network) === undefined) {
    throw refuse("not_found", `There is no network ${network}.`);
  }
  const before = stall.facilitators.get(network);
  const url = request.url === undefined ? before?.url : HOST.exec(request.url.trim())?.[1];
  if (url === undefined) {
    throw refuse(
      "invalid_request",
      "An address begins with https://, or with http:// for a program on this computer.",
    );
  }
  if (credential !== undefined && credential !== "none" && request.secretFile === undefined) {
    throw refuse(
      "invalid_request",
      "Say which file holds the token or the key that the facilitator gave you.",
    );
  }
  const kept = before?.url === url ? before : undefined;
  const used = request.used ?? before?.used ?? "always";
  const host = url.replace(/^https?:\/\//, "");
  const title = networkTitle(network);
  const view: FacilitatorView = {
    network,
    title,
    url,
    host,
    used,
    sentence: purpose(used, host, title),
    version: request.version ?? 2,
    credential: credential ?? kept?.credential ?? "none",
    keyId: request.keyId ?? kept?.keyId ?? null,
    locked: false,
  };
  stall.facilitators.set(network, view);
  return view;
}

/** What a network's facilitator says of itself. */
export function checkFacilitator(stall: Stall, network: string): FacilitatorCheckView {
  const facilitator = find(stall, network);
  const version = facilitator.version;
  return {
    ...facilitator,
    ready: true,
    points: [
      { point: "answer", state: "ok", sentence: "It answers in 84 ms." },
      {
        point: "network",
        state: "ok",
        sentence: `It settles exact payments on ${facilitator.title}, asked in version ${version} of the protocol.`,
      },
      { point: "token", state: "ok", sentence: "Buyers pay in USDC, which facilitators take." },
      { point: "credential", state: "ok", sentence: "It is asked without saying who asks." },
      {
        point: "payout",
        state: "ok",
        sentence:
          "It cannot send the money anywhere else: buyers sign for the payout address, and the chain, not its word, decides what is settled.",
      },
      {
        point: "privacy",
        state: "warning",
        sentence: "It gets to know what was sold, to whom and for how much.",
      },
    ],
  };
}

/** Settles by the gas wallet alone again. */
export function removeFacilitator(stall: Stall, network: string): FacilitatorRemoved {
  const { title } = find(stall, network);
  stall.facilitators.delete(network);
  return { network, title };
}
