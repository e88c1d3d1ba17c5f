import type { AppEvent } from "../../api/generated/AppEvent";
import type { Stale } from "../../api/generated/Stale";
import type { Clock } from "./clock";

/** How long changes are gathered after the first, as the app does. */
const RUSH = 200;

const ORDER: readonly Stale[] = [
  "everything",
  "endpoints",
  "payments",
  "batches",
  "settings",
  "deliveries",
  "webhooks",
  "notices",
  "status",
  "reach",
];

/** Tells what went stale as the app does: gathered, each thing at most once, at most five times a second. */
export class Events {
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: AppEvent) => void>();
  readonly #stale = new Set<Stale>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Hears every event; returns how to stop hearing them. */
  listen(hear: (event: AppEvent) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  /** Something changed. */
  changed(...stale: readonly Stale[]): void {
    if (this.#stale.size === 0) {
      this.#clock.after(RUSH, () => this.#tell());
    }
    for (const what of stale) {
      this.#stale.add(what);
    }
  }

  /** Forgets what changed and was not told yet. */
  forget(): void {
    this.#stale.clear();
  }

  /** Tells an event at once, as it is. */
  tell(event: AppEvent): void {
    for (const hear of this.#listeners) {
      hear(event);
    }
  }

  #tell(): void {
    if (this.#stale.size === 0) {
      return;
    }
    const stale = this.#stale.has("everything")
      ? (["everything"] as const)
      : ORDER.filter((what) => this.#stale.has(what));
    this.#stale.clear();
    this.tell({ stale: [...stale] });
  }
}
