import type { Platform } from "../platform/platform";
import { ApiError } from "./error";
import type { Commands } from "./generated/Commands";

/** Runs one command of the app. Rejects with an `ApiError`. */
export async function call<Name extends keyof Commands>(
  platform: Platform,
  name: Name,
  request: Commands[Name][0],
): Promise<Commands[Name][1]> {
  try {
    return (await platform.call(name, request)) as Commands[Name][1];
  } catch (reason) {
    throw ApiError.from(reason);
  }
}
