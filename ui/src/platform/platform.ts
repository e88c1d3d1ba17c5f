import type { AppEvent } from "../api/generated/AppEvent";

/** What the front end asks of the program around it. Everything it can do goes through here. */
export interface Platform {
  /** Runs one command of the app. Rejects with `{ code, message }`. */
  call(name: string, body: unknown): Promise<unknown>;
  /** Hears what went stale; returns how to stop hearing it. */
  listen(hear: (event: AppEvent) => void): Promise<() => void>;
}
