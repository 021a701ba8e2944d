import type { AttemptRecord } from "../errors/vectron-error.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { ErrorCode } from "../transport/status-code.ts";
import type { RequestSent } from "../transport/transport-failure.ts";

/** An attempt that has begun. */
export interface OpenAttempt {
  readonly number: number;
  readonly hedge: boolean;
  readonly startMs: number;
}

/** How an attempt ended. */
export interface AttemptEnd {
  readonly code: ErrorCode | "OK";
  readonly message: string;
  readonly requestSent: RequestSent;
}

/** The true story of one call's attempts, in the order in which they began. */
export class AttemptLog {
  readonly #runtime: Runtime;
  readonly #callStart: number;
  readonly #attempts: { open: OpenAttempt; record: AttemptRecord | undefined }[] = [];

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#callStart = runtime.now();
  }

  /** How many attempts have begun. */
  get count(): number {
    return this.#attempts.length;
  }

  /** Milliseconds since the call began. */
  get elapsedMs(): number {
    return this.#runtime.now() - this.#callStart;
  }

  begin(hedge: boolean): OpenAttempt {
    const open = { number: this.#attempts.length + 1, hedge, startMs: this.elapsedMs };
    this.#attempts.push({ open, record: undefined });
    return open;
  }

  end(open: OpenAttempt, end: AttemptEnd): AttemptRecord {
    const entry = this.#attempts[open.number - 1];
    const record = entry?.record ?? this.#close(open, end);
    if (entry !== undefined) entry.record = record;
    return record;
  }

  /** Every attempt; one that still runs is given the end that the call itself had. */
  records(callEnd: AttemptEnd): readonly AttemptRecord[] {
    return this.#attempts.map(({ open, record }) => record ?? this.#close(open, callEnd));
  }

  #close(open: OpenAttempt, end: AttemptEnd): AttemptRecord {
    const { number, hedge, startMs } = open;
    return { number, hedge, ...end, startMs, durationMs: this.elapsedMs - startMs };
  }
}
