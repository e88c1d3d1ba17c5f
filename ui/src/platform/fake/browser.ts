import type { ErrorCode } from "../../api/generated/ErrorCode";
import { runningClock } from "./clock";
import { Fake } from "./fake";
import { SCENARIOS, type Scenario } from "./scenarios";
import type { CommandName } from "./trouble";

declare global {
  interface Window {
    /** The stall in memory, for whoever drives this page in a browser. */
    stall?: Fake;
  }
}

/**
 * The stall in memory that the page's address asks for: `?scenario=few&seed=7`, with
 * `&fail=settle:unavailable` for a command whose next call fails and `&never=batch_list` for one that
 * does not answer. It also stands at `window.stall`, with its hooks.
 */
export function inBrowserWindow(window: Window): Fake {
  const asked = new URLSearchParams(window.location.search);
  const scenario = asked.get("scenario") ?? "few";
  const stall = new Fake({
    scenario: isScenario(scenario) ? scenario : "few",
    seed: Number(asked.get("seed") ?? 1),
    clock: runningClock(),
  });
  for (const failure of asked.getAll("fail")) {
    const [name, code] = failure.split(":");
    stall.failNext(name as CommandName, (code ?? "internal") as ErrorCode);
  }
  for (const name of asked.getAll("never")) {
    stall.neverAnswer(name as CommandName);
  }
  window.stall = stall;
  return stall;
}

function isScenario(name: string): name is Scenario {
  return SCENARIOS.some((known) => known === name);
}
