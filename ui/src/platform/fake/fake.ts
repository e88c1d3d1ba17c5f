import type { Commands } from "../../api/generated/Commands";
import type { ErrorCode } from "../../api/generated/ErrorCode";
import type { Computer, ComputerChange, CrashReport, FoundUpdate, TrayWords, Wanted } from "../computer";
import type { FileDrop, Platform, Theme } from "../platform";
import { type Clock, SteppedClock } from "./clock";
import { commands } from "./commands";
import { paymentView } from "./payment-view";
import { Program } from "./program";
import { quitPreview } from "./quit";
import { refuse } from "./refuse";
import { type Scenario, stage } from "./scenarios";
import { Stall } from "./stall";
import { type CommandName, Trouble } from "./trouble";

/** When a stall in a test opens: a Saturday at noon, UTC. */
export const OPENING = Date.UTC(2026, 10, 21, 12);

export interface FakeOptions {
  /** What the stall has been through; nothing by default. */
  scenario?: Scenario;
  /** The same seed gives the same stall. */
  seed?: number;
  /** By default time stands still until it is moved. */
  clock?: Clock;
}

/** A small stall in memory behind the window's seam, with hooks for whatever happens outside the window. */
export class Fake implements Platform {
  /** What was put on the clipboard, and which links were opened, oldest first. */
  readonly copied: string[] = [];
  readonly opened: string[] = [];
  /** What the page made and had written, oldest first. */
  readonly written: { path: string; content: Uint8Array }[] = [];
  /** Which files were shown in their folders, oldest first. */
  readonly shown: string[] = [];
  /** The theme of the window's frame. */
  theme: Theme = "system";
  /** Which commands were called, oldest first. */
  readonly calls: { name: string; body: unknown }[] = [];
  readonly stall: Stall;
  /** What surrounds the page: tray, reports of failures, updates. */
  readonly program = new Program();
  readonly #answers: ReturnType<typeof commands>;
  readonly #trouble = new Trouble();
  readonly #dropping = new Set<(drop: FileDrop) => void>();
  #picks: (string | null)[] = [];

  constructor({ scenario = "empty", seed = 1, clock = new SteppedClock(OPENING) }: FakeOptions = {}) {
    this.stall = new Stall(seed, clock);
    this.#answers = commands(this.stall);
    stage(this.stall, this.#trouble, scenario);
    this.stall.events.forget();
  }

  async call(name: string, body: unknown): Promise<unknown> {
    this.calls.push({ name, body });
    await this.#trouble.pass(name);
    if (!isCommand(this.#answers, name)) {
      throw refuse("unknown_command", `There is no command ${name.slice(0, 60)}.`);
    }
    const answer = this.#answers[name] as (request: unknown) => unknown;
    // Across the real door nothing is shared either: later changes must not reach what was answered.
    return structuredClone(await answer(body));
  }

  async listen(hear: Parameters<Platform["listen"]>[0]): Promise<() => void> {
    return this.stall.events.listen(hear);
  }

  async dropped(hear: (drop: FileDrop) => void): Promise<() => void> {
    this.#dropping.add(hear);
    return () => this.#dropping.delete(hear);
  }

  async openUrl(url: string): Promise<void> {
    if (!/^https?:\/\//.test(url)) {
      throw refuse("invalid_request", "Only web links can be opened.");
    }
    this.opened.push(url);
  }

  async copy(text: string | Promise<string>): Promise<void> {
    this.copied.push(await text);
  }

  async setTheme(theme: Theme): Promise<void> {
    this.theme = theme;
  }

  async pickFile(): Promise<string | null> {
    const [pick] = this.#picks.splice(0, 1);
    return pick === undefined ? "/home/ada/Pictures/harbour-at-night.jpg" : pick;
  }

  async pickFolder(): Promise<string | null> {
    const [pick] = this.#picks.splice(0, 1);
    return pick === undefined ? "/home/ada/Music/Snare stems/" : pick;
  }

  async saveFile(name: string): Promise<string | null> {
    const [pick] = this.#picks.splice(0, 1);
    return pick === undefined ? `/home/ada/${name}` : pick;
  }

  async saveContent(name: string, content: Uint8Array): Promise<string | null> {
    await this.#trouble.pass("shell_save_content");
    const path = await this.saveFile(name);
    if (path !== null) {
      this.written.push({ path, content });
    }
    return path;
  }

  async showFile(path: string): Promise<void> {
    this.shown.push(path);
  }

  async openData(): Promise<void> {
    this.shown.push("data");
  }

  async listenToProgram(hear: () => void): Promise<() => void> {
    return this.program.listen(hear);
  }

  async wants(): Promise<Wanted> {
    return this.program.take();
  }

  async stay(): Promise<void> {
    this.program.stay();
  }

  async quit(): Promise<void> {
    this.program.quitted = true;
  }

  async close(): Promise<void> {
    this.program.closed = true;
  }

  async askToQuit(): Promise<void> {
    const atStake = quitPreview(this.stall);
    if (atStake.payments === 0 && atStake.delivering === 0) {
      return this.quit();
    }
    this.program.askToQuit(atStake);
  }

  async speak(words: TrayWords): Promise<void> {
    this.program.words = words;
  }

  async computer(): Promise<Computer> {
    await this.#trouble.pass("shell_computer");
    return { ...this.program.computer };
  }

  async setComputer(change: ComputerChange): Promise<Computer> {
    await this.#trouble.pass("shell_set_computer");
    return this.program.change(change);
  }

  async crashes(): Promise<CrashReport[]> {
    return [...this.program.crashes];
  }

  async saveCrash(name: string, path: string): Promise<void> {
    this.program.saved.push({ name, path });
  }

  async deleteCrash(name: string): Promise<void> {
    await this.#trouble.pass("shell_delete_crash");
    this.program.crashes = this.program.crashes.filter((one) => one.name !== name);
  }

  async lookForUpdate(): Promise<FoundUpdate | null> {
    await this.#trouble.pass("shell_look_for_update");
    this.program.computer = { ...this.program.computer, found: this.program.update };
    return this.program.update;
  }

  async installUpdate(): Promise<void> {
    await this.#trouble.pass("shell_install_update");
    this.program.installed = true;
  }

  async switchTo(environment: string): Promise<void> {
    await this.#trouble.pass("shell_switch");
    this.program.switched = environment;
  }

  /** What the person chooses the next time they are asked for a file; null for nothing. */
  pickNext(file: string | null): void {
    this.#picks.push(file);
  }

  /** Drags files over the window, as the system would. */
  dragFiles(files: readonly string[]): void {
    this.#tellDrop({ kind: "over", files });
  }

  /** Drags files away again. */
  dragAway(): void {
    this.#tellDrop({ kind: "leave", files: [] });
  }

  /** Drops files on the window. */
  dropFiles(files: readonly string[]): void {
    this.dragFiles(files);
    this.#tellDrop({ kind: "drop", files });
  }

  /** Somebody buys what is sold at that path, or the first thing that is for sale; answers the payment's id. */
  buy(path?: string): string {
    const { shelf, seed } = this.stall;
    const endpoint = shelf.endpoints.find((other) =>
      path === undefined ? other.state === "live" : other.path === path && other.state !== "removed",
    );
    if (endpoint === undefined) {
      throw refuse("not_found", "Nothing is sold there.");
    }
    return paymentView(seed, this.stall.buy(endpoint)).id;
  }

  /** The node goes away, or comes back. */
  setNodeAway(isAway: boolean): void {
    this.stall.isNodeAway = isAway;
    this.stall.events.changed("status");
  }

  /** What the gas wallet holds, in wei. */
  setGas(wei: bigint): void {
    this.stall.gas = wei;
    this.stall.events.changed("status");
  }

  /** Lets the next call of a command fail; with `times`, so many of them. */
  failNext(name: CommandName, code: ErrorCode, times = 1, message?: string): void {
    this.#trouble.fail(name, code, times, message);
  }

  /** Lets a command not answer. */
  neverAnswer(name: CommandName): void {
    this.#trouble.hold(name);
  }

  /** Lets a command work again, and answers whoever still waits. */
  answerAgain(name: CommandName): void {
    this.#trouble.release(name);
  }

  /** Answers whoever waits for a silent command with the failure that was asked for. */
  refuseThose(name: CommandName): void {
    this.#trouble.answer(name);
  }

  #tellDrop(drop: FileDrop): void {
    for (const hear of this.#dropping) {
      hear(drop);
    }
  }
}

function isCommand(answers: object, name: string): name is keyof Commands {
  return Object.hasOwn(answers, name);
}
