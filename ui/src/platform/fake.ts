import type { Platform } from "./platform";

/** Answers of an app that is not there, by command name. */
export type Answers = Record<string, (body: unknown) => unknown>;

/** A stall in memory, for the development server and for tests. */
export function fake(answers: Answers): Platform & { goStale(): void } {
  const listeners = new Set<() => void>();
  return {
    async call(name, body) {
      const answer = answers[name];
      if (answer === undefined) {
        throw { code: "unknown_command", message: `there is no command ${name}` };
      }
      return answer(body);
    },
    async listen(onStale) {
      listeners.add(onStale);
      return () => listeners.delete(onStale);
    },
    goStale() {
      for (const listener of listeners) {
        listener();
      }
    },
  };
}
