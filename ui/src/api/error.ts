import type { ErrorCode } from "./generated/ErrorCode";

/** An error of the app. Screens decide by `code`; `message` is only ever shown. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }

  /** What a platform rejected with. Anything that is not `{ code, message }` is a fault of our own. */
  static from(reason: unknown): ApiError {
    if (reason instanceof ApiError) {
      return reason;
    }
    if (typeof reason === "object" && reason !== null && "code" in reason && "message" in reason) {
      return new ApiError(reason.code as ErrorCode, String(reason.message));
    }
    return new ApiError("internal", reason instanceof Error ? reason.message : String(reason));
  }
}

declare module "@tanstack/react-query" {
  interface Register {
    /** Every query and mutation of this program fails with one of these. */
    defaultError: ApiError;
  }
}
