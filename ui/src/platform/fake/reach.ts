import type { ReachCheckView } from "../../api/generated/ReachCheckView";
import type { ReachSet } from "../../api/generated/ReachSet";
import type { ReachState } from "../../api/generated/ReachState";
import type { ReachTrial } from "../../api/generated/ReachTrial";
import type { ReachView } from "../../api/generated/ReachView";
import type { WayView } from "../../api/generated/WayView";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

const PUBLIC_URL = "public-url";
const ADDRESS = "reach-address";
const QUICK_URL = "https://plain-honest-words-here.trycloudflare.com";
const FUNNEL_URL = "https://desk.tail1234.ts.net";

/** The way that was chosen, and what was found at its end. */
export interface Reach {
  kind: string | null;
  name: string;
  tokens: Set<string>;
  /** Where the programs are that were handed over, by the way that needs them. */
  programs: Map<string, string>;
  check: ReachCheckView | null;
}

export function newReach(): Reach {
  return { kind: null, name: "stallkeeper", tokens: new Set(), programs: new Map(), check: null };
}

const FIXED = "The address stays the same.";
const BY_CLOUDFLARE = "Cloudflare decrypts everything that passes and could read it.";

const WAYS: readonly WayView[] = [
  way("this_computer", "This computer only", "Nobody outside reaches the stall.", {
    whoReads: "Nothing leaves this computer.",
  }),
  way(
    "this_network",
    "This network",
    "For a market stall or a classroom: everybody in the same network can buy.",
    {
      whoReads: "Nothing is encrypted on the way: whoever is in the same network could read along.",
      limits: "Browsers call the page insecure, and some wallets refuse to sign on such a page.",
    },
  ),
  way(
    "own_url",
    "Your own address",
    "For a reverse proxy, a server of yours, or a port that your router forwards.",
    {
      whoReads: "Whoever runs the server at that address can read everything that passes.",
      takesAddress: true,
    },
  ),
  way(
    "cloudflare_quick",
    "Temporary link by Cloudflare",
    "A link within seconds and without an account, to try things out.",
    {
      whoReads: BY_CLOUDFLARE,
      onRestart: "The address changes at each start, and links that you gave away stop working then.",
      limits: "Cloudflare promises nothing for it, and takes 200 requests at the same time at most.",
      permanent: false,
      program: "cloudflared",
      programPath: "/usr/local/bin/cloudflared",
    },
  ),
  way(
    "cloudflare_named",
    "Your domain through Cloudflare",
    "A permanent address on a domain of yours; best for selling files.",
    {
      whoReads: BY_CLOUDFLARE,
      takesToken: true,
      takesAddress: true,
      program: "cloudflared",
      programPath: "/usr/local/bin/cloudflared",
    },
  ),
  way("ngrok", "ngrok", "A permanent address without a domain of yours; best for paid endpoints.", {
    whoReads: "ngrok decrypts everything that passes and could read it.",
    limits:
      "Without a paid plan ngrok passes 1 GB and 20,000 requests a month, and shows browsers a page of its own first.",
    takesToken: true,
    takesAddress: true,
  }),
  way(
    "tailscale_funnel",
    "Tailscale Funnel",
    "A permanent address whose traffic nobody in between can read.",
    {
      whoReads: "Nobody in between: what buyers send is decrypted on this computer.",
      program: "tailscale",
      missing: "Install Tailscale from https://tailscale.com/download and sign in, then switch Funnel on.",
    },
  ),
];

function way(kind: string, title: string, purpose: string, more: Partial<WayView>): WayView {
  return {
    kind,
    title,
    purpose,
    whoReads: "",
    onRestart: FIXED,
    limits: null,
    permanent: true,
    takesToken: false,
    takesAddress: false,
    program: null,
    programPath: null,
    missing: null,
    ...more,
  };
}

function chosen(stall: Stall): WayView {
  const { kind } = stall.reach;
  const unsaid = stall.settings.has(PUBLIC_URL) ? "own_url" : "this_computer";
  return asFound(stall, find(kind ?? unsaid));
}

/** The way as it stands with the programs that were handed over. */
function asFound(stall: Stall, way: WayView): WayView {
  const programPath = stall.reach.programs.get(way.kind);
  return programPath === undefined ? way : { ...way, programPath, missing: null };
}

function find(kind: string): WayView {
  const found = WAYS.find((one) => one.kind === kind);
  if (found === undefined) {
    const words = WAYS.map((one) => one.kind).join(", ");
    throw refuse("invalid_request", `Choose one of these ways: ${words}.`);
  }
  return found;
}

/** Where buyers reach the stall by the chosen way; null where nobody does. */
export function publicUrl(stall: Stall): string | null {
  switch (chosen(stall).kind) {
    case "own_url":
      return stall.settings.get(PUBLIC_URL) ?? null;
    case "this_network":
      return `http://${stall.reach.name}.local:4021`;
    case "cloudflare_quick":
      return QUICK_URL;
    case "cloudflare_named":
      return stall.settings.get(ADDRESS) ?? null;
    case "ngrok":
      return stall.settings.get(ADDRESS) ?? "https://ada-books.ngrok.app";
    case "tailscale_funnel":
      return FUNNEL_URL;
    default:
      return null;
  }
}

/** How buyers reach the stall. */
export function showReach(stall: Stall): ReachView {
  const found = chosen(stall);
  const { reach } = stall;
  const [state, sentence] = standing(stall, found);
  const isOpen = state === "online" || state === "unreached";
  return {
    way: found,
    state,
    sentence,
    url: isOpen ? publicUrl(stall) : null,
    also: isOpen && found.kind === "this_network" ? ["http://192.168.1.5:4021"] : [],
    nextTryAt: state === "failing" ? stall.clock.now() + 60_000 : null,
    address: stall.settings.get(found.kind === "own_url" ? PUBLIC_URL : ADDRESS) ?? null,
    name: reach.name,
    token: reach.tokens.has(found.kind) ? "kept" : "none",
    check: reach.check,
    ways: WAYS.map((one) => asFound(stall, one)),
  };
}

function standing(stall: Stall, found: WayView): [ReachState, string] {
  const { check, tokens } = stall.reach;
  if (found.kind === "this_computer") {
    return ["off", "Only this computer reaches the stall."];
  }
  if (found.missing !== null) {
    return ["failing", `${found.program} was not found. ${found.missing}`];
  }
  if (found.takesToken && !tokens.has(found.kind)) {
    return ["failing", `${found.title} needs the token of your account, which its page shows.`];
  }
  if (check !== null && check.answer !== "stall") {
    return ["unreached", check.sentence];
  }
  return ["online", `Buyers reach the stall at ${publicUrl(stall)}.`];
}

/** Chooses how buyers reach the stall. */
export function setReach(stall: Stall, request: ReachSet): ReachView {
  const found = find(request.kind);
  const key = found.kind === "own_url" ? PUBLIC_URL : ADDRESS;
  const address = request.address?.trim().replace(/\/+$/, "");
  if (address !== undefined && address !== "" && !/^https?:\/\/[^/?#\s]+$/.test(address)) {
    throw refuse("invalid_request", "An address begins with http:// or https:// and names a host.");
  }
  const needsOne = found.kind === "own_url" || found.kind === "cloudflare_named";
  if (needsOne && (address ?? stall.settings.get(key) ?? "") === "") {
    throw refuse(
      "invalid_request",
      "Say at which address buyers reach the stall, such as https://stall.example.",
    );
  }
  if (found.takesAddress && address !== undefined) {
    stall.settings.set(key, address);
  }
  if (request.token !== undefined || request.tokenFile !== undefined) {
    stall.reach.tokens.add(found.kind);
  }
  if (request.program !== undefined) {
    stall.reach.programs.set(found.kind, request.program);
  }
  stall.reach.kind = found.kind;
  stall.reach.name = request.name?.trim().replace(/\.local$/, "") ?? stall.reach.name;
  stall.reach.check = null;
  stall.events.changed("settings", "reach");
  return showReach(stall);
}

/** Asks from outside; in memory the stall is always found. */
export function checkReach(stall: Stall): ReachView {
  const url = publicUrl(stall);
  if (url === null) {
    throw refuse(
      "conflict",
      "Only this computer reaches the stall, so there is nothing to ask outside. Choose a way first.",
    );
  }
  if (showReach(stall).state === "online") {
    const sentence = `The stall answers at ${url}.`;
    stall.reach.check = { at: stall.clock.now(), url, answer: "stall", sentence, tookMs: 84, missed: 0 };
    stall.events.changed("reach");
  }
  return showReach(stall);
}

/** Goes through a purchase at the public address. */
export function tryReach(stall: Stall): ReachTrial {
  const url = stall.url();
  const steps = [
    { step: "reach", ok: true, sentence: `The stall answers at ${url}.` },
    { step: "offer", ok: true, sentence: `${url} asks for payment, under that very address.` },
    { step: "v1", ok: true, sentence: "Bought, 20 bytes." },
    { step: "v2", ok: true, sentence: "Bought, 20 bytes." },
  ];
  return { url, ok: true, steps };
}
