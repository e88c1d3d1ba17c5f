import type {
  Computer,
  ComputerChange,
  CrashReport,
  FoundUpdate,
  Notice,
  Place,
  TrayWords,
  Wanted,
} from "../computer";

/** The program around a page in memory: it remembers what it was told, and wants what a test lets it want. */
export class Program {
  computer: Computer = {
    closeToTray: true,
    tray: true,
    lookDaily: false,
    keepAwake: "delivering",
    awake: { held: false, problem: null },
    startAtLogin: false,
    startAtLoginPossible: true,
    version: "0.1.0",
    updates: false,
    found: null,
  };
  crashes: CrashReport[] = [];
  readonly saved: { name: string; path: string }[] = [];
  update: FoundUpdate | null = null;
  installed = false;
  closed = false;
  quitted = false;
  words: TrayWords | null = null;
  /** The environment that was switched to. */
  switched: string | null = null;
  #wanted: Wanted = { place: null, notices: [], quit: null };
  readonly #hearing = new Set<() => void>();

  listen(hear: () => void): () => void {
    this.#hearing.add(hear);
    return () => this.#hearing.delete(hear);
  }

  /** The tray or a link sends the page somewhere. */
  goTo(place: Place): void {
    this.#wanted = { ...this.#wanted, place };
    this.#tell();
  }

  /** Something happened that the seller wants to be told of. */
  notice(notice: Notice): void {
    this.#wanted = { ...this.#wanted, notices: [...this.#wanted.notices, notice] };
    this.#tell();
  }

  /** Somebody wants to quit. */
  askToQuit(quit: Wanted["quit"]): void {
    this.#wanted = { ...this.#wanted, quit };
    this.#tell();
  }

  /** Something of the program's own changes by itself. */
  becomes(change: Partial<Pick<Program, "crashes" | "update"> & Computer>): void {
    const { crashes = this.crashes, update = this.update, ...computer } = change;
    this.crashes = crashes;
    this.update = update;
    this.computer = { ...this.computer, ...computer };
    this.#tell();
  }

  take(): Wanted {
    const wanted = this.#wanted;
    this.#wanted = { ...wanted, place: null, notices: [] };
    return wanted;
  }

  stay(): void {
    this.#wanted = { ...this.#wanted, quit: null };
  }

  change(change: ComputerChange): Computer {
    this.computer = { ...this.computer, ...change };
    return { ...this.computer };
  }

  #tell(): void {
    for (const hear of this.#hearing) {
      hear();
    }
  }
}
