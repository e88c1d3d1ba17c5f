import type { ApiError } from "../../api/generated/ApiError";
import type { ErrorCode } from "../../api/generated/ErrorCode";

/** An error as the app gives it across its door. */
export function refuse(code: ErrorCode, message: string): ApiError {
  return { code, message };
}
