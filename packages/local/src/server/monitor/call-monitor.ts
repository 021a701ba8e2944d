import type { StatusCode } from "@vectron/core";

/** What carries a call to the server. */
export type Protocol = "grpc" | "grpc-web" | "connect" | "json";

/** What a call is for, and over what it came. */
export interface CallKind {
  /** The name of a method of the service, or `NO_METHOD`. Nothing that callers choose freely. */
  readonly method: string;
  readonly protocol: Protocol;
}

/** How a call ended. */
export interface CallEnd extends CallKind {
  readonly code: StatusCode;
  /** What the caller was told of a failure. */
  readonly message: string;
  readonly durationMs: number;
  /** Of messages: what headers and framing take is not counted. */
  readonly requestBytes: number;
  readonly replyBytes: number;
}

/** Hears of every call. */
export interface CallListener {
  callBegan?(kind: CallKind): void;
  callEnded(end: CallEnd): void;
}

/** Stands for the method of requests that are for none. */
export const NO_METHOD = "none";

/** Tells its listeners of every call, whatever carries it. */
export class CallMonitor {
  readonly #listeners: readonly CallListener[];

  constructor(listeners: readonly CallListener[] = []) {
    this.#listeners = listeners;
  }

  begin(kind: CallKind): OpenCall {
    for (const listener of this.#listeners) listener.callBegan?.(kind);
    return new OpenCall(kind, this.#listeners);
  }
}

/** A call that has begun. Its first end counts. */
export class OpenCall {
  readonly #kind: CallKind;
  readonly #listeners: readonly CallListener[];
  readonly #startMs = performance.now();
  #requestBytes = 0;
  #replyBytes = 0;
  #hasEnded = false;

  constructor(kind: CallKind, listeners: readonly CallListener[]) {
    this.#kind = kind;
    this.#listeners = listeners;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  received(byteLength: number): void {
    this.#requestBytes += byteLength;
  }

  sent(byteLength: number): void {
    this.#replyBytes += byteLength;
  }

  end(code: StatusCode, message = ""): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const end = {
      ...this.#kind,
      code,
      message,
      durationMs: performance.now() - this.#startMs,
      requestBytes: this.#requestBytes,
      replyBytes: this.#replyBytes,
    };
    for (const listener of this.#listeners) listener.callEnded(end);
  }
}
