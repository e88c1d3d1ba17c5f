import type { AppEvent } from "../api/generated/AppEvent";
import type { Commands } from "../api/generated/Commands";
import type { Platform } from "./platform";

/** Answers of an app that is not there, by command name. */
type Answers = { [Name in keyof Commands]?: (request: Commands[Name][0]) => Commands[Name][1] };

/** A stall in memory, for the development server and for tests. */
export function fake(answers: Answers): Platform & { tell(event: AppEvent): void } {
  const listeners = new Set<(event: AppEvent) => void>();
  return {
    async call(name, body) {
      const answer = answers[name as keyof Commands] as ((request: unknown) => unknown) | undefined;
      if (answer === undefined) {
        throw { code: "unknown_command", message: `There is no command ${name}.` };
      }
      return answer(body);
    },
    async listen(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    tell(event) {
      for (const hear of listeners) {
        hear(event);
      }
    },
  };
}
