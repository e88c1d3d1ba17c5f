import type { Exported } from "../../api/generated/Exported";
import type { ExportProgress } from "../../api/generated/ExportProgress";
import type { Clock } from "./clock";
import { refuse } from "./refuse";

/** So many rows are written at a time, and so long is between them, in milliseconds. */
const ROWS = 1000;
const PAUSE = 50;

interface Running {
  rows: number;
  stopped: boolean;
}

/** The files that are being written. Short ones are done at once. */
export class Exports {
  readonly #running = new Map<string, Running>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Writes nothing, but takes its time over it. */
  write(exported: Exported): Exported | Promise<Exported> {
    const { path, rows } = exported;
    if (rows <= ROWS) {
      return exported;
    }
    if (this.#running.has(path)) {
      throw refuse("conflict", `${path} is being written already.`);
    }
    const running = { rows: 0, stopped: false };
    this.#running.set(path, running);
    return new Promise((done, fail) => {
      const go = () => {
        running.rows = Math.min(rows, running.rows + ROWS);
        if (running.rows < rows && !running.stopped) {
          this.#clock.after(PAUSE, go);
          return;
        }
        this.#running.delete(path);
        if (running.stopped) {
          fail(refuse("conflict", "The export was broken off; nothing was written."));
        } else {
          done(exported);
        }
      };
      this.#clock.after(PAUSE, go);
    });
  }

  progress(path: string): ExportProgress {
    const running = this.#running.get(path);
    return { running: running !== undefined, rows: running?.rows ?? 0 };
  }

  stop(path: string): ExportProgress {
    const running = this.#running.get(path);
    if (running !== undefined) {
      running.stopped = true;
    }
    return this.progress(path);
  }
}
