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

interface Entry {
  readonly open: OpenAttempt;
  record: AttemptRecord | undefined;
}

/** The true story of one call's attempts, in the order in which they began. */
export class AttemptLog {
  readonly #runtime: Runtime;
  readonly #callStart: number;
  readonly #entries: Entry[] = [];

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#callStart = runtime.now();
  }

  /** How many attempts have begun. */
  get count(): number {
    return this.#entries.length;
  }

  /** Milliseconds since the call began. */
  get elapsedMs(): number {
    return this.#runtime.now() - this.#callStart;
  }

  /** The attempts that have ended. */
  get records(): readonly AttemptRecord[] {
    return this.#entries.flatMap(({ record }) => record ?? []);
  }

  /** The attempts that have not ended. */
  get open(): readonly OpenAttempt[] {
    return this.#entries.filter(({ record }) => record === undefined).map(({ open }) => open);
  }

  begin(hedge: boolean): OpenAttempt {
    const open = { number: this.#entries.length + 1, hedge, startMs: this.elapsedMs };
    this.#entries.push({ open, record: undefined });
    return open;
  }

  /** Notes how an attempt ended; undefined when that was known already. */
  end(open: OpenAttempt, end: AttemptEnd): AttemptRecord | undefined {
    const entry = this.#entries[open.number - 1];
    if (entry === undefined || entry.record !== undefined) return undefined;
    const { number, hedge, startMs } = open;
    entry.record = { number, hedge, ...end, startMs, durationMs: this.elapsedMs - startMs };
    return entry.record;
  }
}
