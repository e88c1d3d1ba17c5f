/** Time as a stall in memory sees it. It stands still until it is moved. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Does something when so many milliseconds have passed. */
  after(ms: number, act: () => void): void;
}

interface Due {
  at: number;
  act: () => void;
}

/** A clock that is moved by hand, so that a test can let an hour pass. */
export class SteppedClock implements Clock {
  #now: number;
  /** The next one last. */
  #due: Due[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, act: () => void): void {
    const at = this.#now + Math.max(0, ms);
    // Equal moments keep the order in which they were asked for.
    let place = this.#due.length;
    while (place > 0 && (this.#due[place - 1] as Due).at <= at) {
      place -= 1;
    }
    this.#due.splice(place, 0, { at, act });
  }

  /** Lets time pass. What is due happens at its own moment, in order. */
  advance(ms: number): void {
    this.advanceTo(this.#now + ms);
  }

  /** Lets time pass until a moment; never backwards. */
  advanceTo(moment: number): void {
    for (let next = this.#due.at(-1); next !== undefined && next.at <= moment; next = this.#due.at(-1)) {
      this.#due.pop();
      this.#now = Math.max(this.#now, next.at);
      next.act();
    }
    this.#now = Math.max(this.#now, moment);
  }
}

/** How often a running clock looks at the real time. */
const TICK = 50;

/** A clock that follows the real time. */
export function runningClock(): Clock {
  const clock = new SteppedClock(Date.now());
  setInterval(() => clock.advanceTo(Date.now()), TICK);
  return clock;
}
