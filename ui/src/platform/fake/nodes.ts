import type { NodeView } from "../../api/generated/NodeView";
import { mixed, ofText } from "./random";

/** A node's URL without what could be a key. */
export function shownUrl(url: string): string {
  return /^https?:\/\/(?:[^/?#@]*@)?[^/?#]+/.exec(url)?.[0].replace(/\/\/[^/]*@/, "//") ?? url;
}

/** Whether a node answers: one that says itself that it is `away` does not. */
export function answers(url: string): boolean {
  return !url.includes("away");
}

/** How nodes are: the first that answers is asked, and one that says that it is `behind` is left alone. */
export function nodeViews(urls: readonly string[], isAway: boolean, now: number): NodeView[] {
  const isUp = (url: string) => !isAway && answers(url);
  const isBehind = (url: string) => url.includes("behind");
  const used = urls.find((url) => isUp(url) && !isBehind(url));
  return urls.map((url) => {
    const up = isUp(url);
    const age = !up ? 4000 : isBehind(url) ? 900 : 1;
    return {
      url: shownUrl(url),
      state: !up ? "resting" : isBehind(url) ? "behind" : url === used ? "in_use" : "standby",
      latencyMs: up ? 2 + (mixed(ofText(url)) % 180) : null,
      block: Math.floor(now / 2000) - 865_000_000 - Math.floor(age / 2),
      blockAgeSeconds: age,
      lastError: up ? null : "The node did not answer within 10 seconds.",
      lastErrorAt: up ? null : now - 20_000,
      calls: 1234,
      callsPerSecond: null,
    };
  });
}
