import type { Commands } from "../../api/generated/Commands";
import type { ErrorCode } from "../../api/generated/ErrorCode";
import { refuse } from "./refuse";

/** What is asked of the program and not of the stall. */
type ProgramCommand =
  | "shell_computer"
  | "shell_set_computer"
  | "shell_delete_crash"
  | "shell_look_for_update"
  | "shell_install_update"
  | "shell_switch"
  | "shell_save_content";

export type CommandName = keyof Commands | ProgramCommand;

interface Failure {
  code: ErrorCode;
  message: string;
  left: number;
}

/** What goes wrong on request: commands that fail, and commands that do not answer. */
export class Trouble {
  readonly #failures = new Map<string, Failure>();
  readonly #held = new Map<string, (() => void)[]>();

  /** Lets the next calls of a command fail: one of them unless it is said otherwise. */
  fail(name: CommandName, code: ErrorCode, times = 1, message = "It went wrong, as it was asked to."): void {
    this.#failures.set(name, { code, message, left: times });
  }

  /** Lets a command not answer. */
  hold(name: CommandName): void {
    if (!this.#held.has(name)) {
      this.#held.set(name, []);
    }
  }

  /** Lets a command fail or be silent no more, and answers whoever still waits. */
  release(name: CommandName): void {
    this.#failures.delete(name);
    this.answer(name);
  }

  /** Answers whoever waits for a silent command; a failure that was asked for is their answer. */
  answer(name: CommandName): void {
    const waiting = this.#held.get(name) ?? [];
    this.#held.delete(name);
    for (const answer of waiting) {
      answer();
    }
  }

  /** Passes when the command may go on. */
  async pass(name: string): Promise<void> {
    const held = this.#held.get(name);
    if (held !== undefined) {
      await new Promise<void>((answer) => held.push(answer));
    }
    const failure = this.#failures.get(name);
    if (failure === undefined) {
      return;
    }
    failure.left -= 1;
    if (failure.left <= 0) {
      this.#failures.delete(name);
    }
    throw refuse(failure.code, failure.message);
  }
}
