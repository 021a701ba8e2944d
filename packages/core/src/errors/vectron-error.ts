import type { ErrorCode } from "../transport/status-code.ts";
import type { Metadata } from "../transport/transport.ts";
import type { RequestSent } from "../transport/transport-failure.ts";
import { isMarkedInstance, markClass } from "./identity.ts";
import { textOf } from "./text-of.ts";

/** What became of one attempt of a call. */
export interface AttemptRecord {
  /** 1 for the first attempt; hedges and polls count on. */
  readonly number: number;
  /** Whether it ran beside another attempt to beat its latency. */
  readonly hedge: boolean;
  /** How it ended; `OK` for one that succeeded. */
  readonly code: ErrorCode | "OK";
  /** The failure's own text; empty for one that succeeded. */
  readonly message: string;
  /** When it began, in milliseconds after the call did. */
  readonly startMs: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** Whether the request can have reached the server. */
  readonly requestSent: RequestSent;
}

/** The facts that an error carries beside its code and message. */
export interface VectronErrorDetails {
  readonly method?: string | undefined;
  readonly collection?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | undefined;
  readonly attempts?: readonly AttemptRecord[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly metadata?: Metadata | undefined;
  readonly cause?: unknown;
}

/** The plain object that `toJSON` returns: safe to log. */
export interface VectronErrorJson {
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly method?: string;
  readonly collection?: string;
  readonly retryable: boolean;
  readonly requestId?: string;
  readonly attempts: readonly AttemptRecord[];
  readonly retryAfterMs?: number;
  readonly metadata: Metadata;
  readonly cause?: string;
}

/**
 * The base of every error that a call can end with. Narrow by class
 * (`instanceof NotFoundError`) or by `code`; both hold across copies of the
 * package. No error ever holds a token or a whole payload.
 */
export class VectronError extends Error {
  /** The gRPC code's name, such as `NOT_FOUND`. */
  readonly code: ErrorCode;
  /** The remote method, such as `Search`; undefined when nothing was to be called yet. */
  readonly method: string | undefined;
  /** The collection that the call was about. */
  readonly collection: string | undefined;
  /** Whether the same call, made again later, can succeed without harm. */
  readonly retryable: boolean;
  /** Id of the call, the same over all its attempts, sent as `x-request-id`. */
  readonly requestId: string | undefined;
  /** Every attempt of the call, in the order in which they began. Empty when nothing was sent. */
  readonly attempts: readonly AttemptRecord[];
  /** How long the server asked to wait before the next try, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Headers and trailers of the last reply. */
  readonly metadata: Metadata;

  static {
    markClass(VectronError, "VectronError");
  }

  constructor(code: ErrorCode, message: string, details: VectronErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.method = details.method;
    this.collection = details.collection;
    this.retryable = details.retryable ?? false;
    this.requestId = details.requestId;
    this.attempts = details.attempts ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.metadata = details.metadata ?? {};
  }

  /** Whether `value` is an error of this class; the same as `instanceof`, for call sites without the operator. */
  static isInstance<T extends VectronError>(
    this: abstract new (
      ...args: never[]
    ) => T,
    value: unknown,
  ): value is T {
    // biome-ignore lint/complexity/noThisInStatic: the class that the method is called on, which may be a subclass
    return isMarkedInstance(this, value);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class on the right of instanceof, which may be a subclass
    return isMarkedInstance(this, value);
  }

  /** A plain object for logs: the fields, and the cause as one line of text. */
  toJSON(): VectronErrorJson {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      ...(this.method !== undefined && { method: this.method }),
      ...(this.collection !== undefined && { collection: this.collection }),
      retryable: this.retryable,
      ...(this.requestId !== undefined && { requestId: this.requestId }),
      attempts: this.attempts,
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      metadata: this.metadata,
      ...(this.cause !== undefined && { cause: textOf(this.cause) }),
    };
  }
}
