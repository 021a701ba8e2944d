import type { Diagnosis } from "../../src/faults/diagnosis.ts";
import type { ErrorCode } from "../../src/index.ts";

/** Failures of a stock auth service that are not what they seem. */
export const AUTH_FAILURES: readonly {
  readonly method: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly diagnosis: Diagnosis;
}[] = [
  {
    method: "DeleteAPIKey",
    code: "PERMISSION_DENIED",
    message: "failed to delete key: key not found",
    diagnosis: { code: "NOT_FOUND", message: "the API key does not exist" },
  },
  {
    method: "DeleteAPIKey",
    code: "PERMISSION_DENIED",
    message: "failed to delete key: user does not have permission to delete this key",
    diagnosis: {
      code: "PERMISSION_DENIED",
      message: "failed to delete key: user does not have permission to delete this key",
    },
  },
  {
    method: "Login",
    code: "RESOURCE_EXHAUSTED",
    message: "rate limit exceeded. Please try again later.",
    diagnosis: {
      code: "RESOURCE_EXHAUSTED",
      message: "rate limit exceeded. Please try again later.",
      condition: "rate-limit",
      pauseMs: 60_000,
    },
  },
];
