import type { Diagnosis } from "../faults/diagnosis.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import type { RequestSent } from "../transport/transport-failure.ts";

/** A failure whose meaning depends on the server's state. */
export interface OpenFailure {
  readonly diagnosis: Diagnosis;
  readonly requestSent: RequestSent;
  /** Whether an earlier attempt of the same call may have taken effect. */
  readonly ambiguousBefore: boolean;
  /** Makes another call within the deadline of this one, without retries. */
  ask<I, O>(method: MethodDescriptor<I, O>, message: I): Promise<O>;
}

/** What the server's state says about a failure. */
export type Recovery<O> =
  /** The call has had its effect. */
  | { readonly kind: "done"; readonly reply: O }
  /** It failed, in this way. */
  | { readonly kind: "failed"; readonly diagnosis: Diagnosis }
  /** It has had no effect, so that repeating it is harmless. */
  | { readonly kind: "no-effect"; readonly diagnosis: Diagnosis }
  /** Nothing was learned. */
  | { readonly kind: "unknown" };

/** Looks at the server's state after a failure. */
export type Recover<O> = (failure: OpenFailure) => Promise<Recovery<O>>;
