import type { ErrorCode } from "../../../src/index.ts";
import type { ScriptedMethod } from "../../../src/testing/index.ts";

/** One failure of a stock server, in its exact words, and what the user is to make of it. */
export interface StockFailure {
  readonly what: string;
  readonly methods: readonly ScriptedMethod[];
  readonly code: ErrorCode;
  readonly message: string;
  /** The class of the error that the user gets. */
  readonly error: string;
  /** A part of the text that the user reads. Default: the server's own. */
  readonly says?: string;
  /** How often the request is sent in all, within 10 s. Default 1. */
  readonly sent?: number | "polled";
  readonly retryable?: boolean;
}

/** What a gateway wraps while a worker does not know its shards yet. */
export const STALE = "rpc error: code = FailedPrecondition desc = stale shard epoch (have 1, want 0)";
