import type { SettingSet } from "../../api/generated/SettingSet";
import type { SettingsView } from "../../api/generated/SettingsView";
import { knownNetwork } from "./known-networks";
import { COIN, price } from "./money";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

const PUBLIC_URL = "public-url";
const COIN_PRICE = `coin-price-${COIN}`;
/** Of a coin that nothing here was settled with, only the price itself is remembered. */
const OTHER_PRICE = /^coin-price-[A-Z]{2,8}$/;

/** What the stall's pages show of the seller, with the longest text of each. */
const SHOWN: readonly (readonly [string, number])[] = [
  ["stall-name", 60],
  ["stall-contact", 200],
  ["stall-colour", 7],
  ["stall-about", 1000],
];
/** What else is chosen about the stall, and what it may be. */
const CHOSEN: readonly (readonly [string, RegExp])[] = [
  ["request-addresses", /^(on|off)$/],
  ["downloads-per-payment", /^[1-9]\d*$/],
  ["id-as-transaction", /^on$/],
  ["keep-visits", /^\d+$/],
  ["keep-messages", /^\d+$/],
  ["keep-logs", /^\d+$/],
  ["selling-at-start", /^closed$/],
];

/** Every setting. */
export function getSettings(stall: Stall): SettingsView {
  return {
    items: [
      ...[...coinsOf(stall)].map((coin) => ({
        key: `coin-price-${coin}`,
        value: stall.settings.get(`coin-price-${coin}`) ?? null,
        meaning: `What one ${coin} is worth in dollars, such as 3150.20: costs of settling are told by it from then on.`,
      })),
      ...stall.networks.rows.map(({ network }) => ({
        key: `gas-a-day-${network}`,
        value: stall.settings.get(`gas-a-day-${network}`) ?? null,
        meaning: `The most that settling on ${network} may take within 24 hours, such as 0.01.`,
      })),
      ...[...SHOWN, ...CHOSEN].map(([key]) => ({
        key,
        value: stall.settings.get(key) ?? null,
        meaning: "How the stall is shown, and how buyers are served.",
      })),
      {
        key: PUBLIC_URL,
        value: stall.settings.get(PUBLIC_URL) ?? null,
        meaning: "Where buyers reach the stall, such as https://stall.example; by default its own address.",
      },
    ],
  };
}

/** The coins that gas is paid in on the networks that were set up. */
function coinsOf({ networks }: Stall): Set<string> {
  return new Set([COIN, ...networks.rows.map(({ network }) => knownNetwork(network)?.coin ?? COIN)]);
}

/** The price holds from now on; what cost something before keeps the price of then. */
function setPrice(stall: Stall, value: string): SettingsView {
  const worth = value === "" ? null : price(value);
  stall.coinPrices.push({ since: stall.clock.now(), price: worth });
  if (worth === null) {
    stall.settings.delete(COIN_PRICE);
  } else {
    stall.settings.set(COIN_PRICE, value);
  }
  stall.events.changed("settings");
  return getSettings(stall);
}

/** What the stall shows of its seller, and how buyers are served; holds from the next answer on. */
function choose(
  stall: Stall,
  key: string,
  value: string,
  longest = Number.POSITIVE_INFINITY,
  allowed = /./,
): SettingsView {
  if ([...value].length > longest) {
    throw refuse("invalid_request", `That is too long; ${longest} characters are shown at most.`);
  }
  if (key === "stall-colour" && value !== "" && !/^#[0-9a-f]{6}$/i.test(value)) {
    throw refuse("invalid_request", `"${value}" is not a colour; write one like #0f766e.`);
  }
  if (value !== "" && !allowed.test(value)) {
    throw refuse("invalid_request", `"${value.slice(0, 40)}" cannot be chosen here.`);
  }
  if (value === "" || value === "off") {
    stall.settings.delete(key);
  } else {
    stall.settings.set(key, value);
  }
  stall.events.changed("settings");
  return getSettings(stall);
}

/** Changes a setting; an empty value brings the default back. */
export function setSetting(stall: Stall, { key, value }: SettingSet): SettingsView {
  if (key === COIN_PRICE) {
    return setPrice(stall, value.trim());
  }
  const longest = SHOWN.find(([name]) => name === key)?.[1];
  const allowed = CHOSEN.find(([name]) => name === key)?.[1];
  if (longest !== undefined || allowed !== undefined) {
    return choose(stall, key, value.trim(), longest, allowed);
  }
  const isPrice = OTHER_PRICE.test(key);
  if (isPrice || stall.networks.rows.some(({ network }) => key === `gas-a-day-${network}`)) {
    if (value.trim() === "") {
      stall.settings.delete(key);
    } else {
      if (isPrice) {
        price(value);
      }
      stall.settings.set(key, value.trim());
    }
    stall.events.changed("settings");
    return getSettings(stall);
  }
  if (key !== PUBLIC_URL) {
    throw refuse("not_found", `There is no setting ${key.slice(0, 100)}.`);
  }
  const url = value.trim().replace(/\/+$/, "");
  if (url === "") {
    stall.settings.delete(key);
    stall.reach.kind = stall.reach.kind === "own_url" ? null : stall.reach.kind;
  } else if (/^https?:\/\/[^/?#\s]+$/.test(url)) {
    stall.settings.set(key, url);
    stall.reach.kind = "own_url";
  } else {
    throw refuse("invalid_request", "An address begins with http:// or https:// and names a host.");
  }
  stall.events.changed("settings");
  return getSettings(stall);
}
