import type { Runtime } from "../runtime/runtime.ts";
import type { Metadata, TransportCall } from "../transport/transport.ts";
import { type ScriptedMethod, scriptedMethod } from "./scripted-method.ts";

/**
 * How an attempt ended: `open` while it runs, `aborted` when its signal ended it,
 * `left` when the reader of a stream stopped early.
 */
export type CallOutcome = "open" | "replied" | "failed" | "aborted" | "left";

/** One attempt, as the transport saw it. */
export interface RecordedCall {
  /** 1 for the first attempt that the transport received. */
  readonly number: number;
  readonly method: ScriptedMethod;
  readonly message: unknown;
  /** Request headers. The token is replaced by `[token]`, unless the transport was told to keep it. */
  readonly headers: Metadata;
  /** In milliseconds since 1970. */
  readonly deadline: number;
  /** In milliseconds since 1970. */
  readonly startedAtMs: number;
  /** In milliseconds since 1970; undefined while the attempt runs. */
  readonly endedAtMs: number | undefined;
  readonly outcome: CallOutcome;
  /** Whether the attempt's signal was aborted by the time it ended; while it runs, by now. */
  readonly aborted: boolean;
}

const BEARER_TOKEN = /^(Bearer ).*$/;

/** A call's record while the transport works on it. */
export class CallRecord implements RecordedCall {
  readonly number: number;
  readonly method: ScriptedMethod;
  readonly message: unknown;
  readonly headers: Metadata;
  readonly deadline: number;
  readonly startedAtMs: number;
  endedAtMs: number | undefined;
  outcome: CallOutcome = "open";
  readonly #runtime: Runtime;
  readonly #signal: TransportCall<unknown, unknown>["signal"];
  #abortedAtEnd = false;

  constructor(number: number, call: TransportCall<unknown, unknown>, runtime: Runtime, keepToken: boolean) {
    this.number = number;
    this.method = scriptedMethod(call.method);
    this.message = copyOf(call.message);
    this.headers = keepToken ? call.headers : withoutToken(call.headers);
    this.deadline = call.deadline;
    this.startedAtMs = runtime.now();
    this.#runtime = runtime;
    this.#signal = call.signal;
  }

  get aborted(): boolean {
    return this.outcome === "open" ? this.#signal.aborted : this.#abortedAtEnd;
  }

  /** Notes the end of the attempt; the first counts. */
  end(outcome: CallOutcome): void {
    if (this.outcome !== "open") return;
    this.#abortedAtEnd = this.#signal.aborted;
    this.endedAtMs = this.#runtime.now();
    this.outcome = outcome;
  }
}

/** The requests of bulk loads can be read no longer than their attempts last. */
function copyOf(message: unknown): unknown {
  return typeof message === "object" && message !== null ? { ...message } : message;
}

function withoutToken({ authorization, ...others }: Metadata): Metadata {
  if (authorization === undefined) return others;
  return { ...others, authorization: authorization.replace(BEARER_TOKEN, "$1[token]") };
}
