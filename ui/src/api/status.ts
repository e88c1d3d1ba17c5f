import type { Platform } from "../platform/platform";
import { ApiError } from "./error";

/** The part of the `status` view this front end shows. */
export interface Status {
  environment: string;
  /** Where buyers reach the stall on this computer. */
  url: string;
}

/** Asks the app how the stall stands. Rejects with an `ApiError`. */
export async function status(platform: Platform): Promise<Status> {
  try {
    return (await platform.call("status", null)) as Status;
  } catch (reason) {
    throw ApiError.from(reason);
  }
}
