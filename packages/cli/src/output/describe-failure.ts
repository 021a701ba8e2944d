import { EXIT } from "../cli/exit-codes.ts";
import { UsageError } from "../cli/usage-error.ts";

/** A failure as it is told. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** What to do, where the message does not say it in terms of the command. */
  readonly hint?: string | undefined;
  /** Further facts, for `--json`. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly exitCode: number;
}

const HINTS: Readonly<Record<string, string>> = {
  UNAVAILABLE:
    "is a server running there? `vectron serve` starts one; `vectron doctor` finds out what is wrong",
  UNAUTHENTICATED:
    "pass --api-key, set VECTRON_API_KEY, or log in with `vectron auth login`; `vectron doctor` examines the token",
};

/** Tells a failure in the SDK's own words. */
export async function describeFailure(error: unknown): Promise<Failure> {
  if (error instanceof UsageError) return failureOf(error, EXIT.usage);
  const { VectronError } = await import("@vectron/core");
  if (VectronError.isInstance(error)) {
    const { name: _name, message: _message, ...details } = error.toJSON();
    return { ...failureOf(error, EXIT.failure), hint: HINTS[error.code], details };
  }
  return failureOf(error instanceof Error ? error : new Error(String(error)), EXIT.failure);
}

function failureOf({ name, message }: Error, exitCode: number): Failure {
  return { name, message, exitCode };
}
