import { channel } from "node:diagnostics_channel";
import type { AttemptRecord, CallInfo, CallObserver, CallResult, ClientOptions } from "@vectron/core";

/** What is published on `vectron:call:start`. */
export interface CallStartMessage {
  readonly call: CallInfo;
}

/** What is published on `vectron:attempt:start`. */
export interface AttemptStartMessage {
  readonly call: CallInfo;
  /** `number` counts from 1; `hedge` marks the second copy of a read. */
  readonly attempt: { readonly number: number; readonly hedge: boolean };
}

/** What is published on `vectron:attempt:end`. */
export interface AttemptEndMessage {
  readonly call: CallInfo;
  readonly attempt: AttemptRecord;
}

/** What is published on `vectron:call:end`. */
export interface CallEndMessage {
  readonly call: CallInfo;
  /** How the call ended; `error` is undefined when it succeeded. */
  readonly result: CallResult;
}

const callStart = channel("vectron:call:start");
const attemptStart = channel("vectron:attempt:start");
const attemptEnd = channel("vectron:attempt:end");
const callEnd = channel("vectron:call:end");
const CHANNELS = [callStart, attemptStart, attemptEnd, callEnd];

/**
 * Publishes calls on channels of Node's `diagnostics_channel`. They are plain
 * channels and no `tracingChannel`: an observer is told of a call and does not run
 * it, so that there is no asynchronous context for subscribers to bind a store to.
 */
const publisher: CallObserver = {
  watches: () => CHANNELS.some(({ hasSubscribers }) => hasSubscribers),
  callStarted: (call) => callStart.publish({ call } satisfies CallStartMessage),
  attemptStarted(call, { number, hedge }) {
    attemptStart.publish({ call, attempt: { number, hedge } } satisfies AttemptStartMessage);
  },
  attemptEnded: (call, attempt) => attemptEnd.publish({ call, attempt } satisfies AttemptEndMessage),
  callEnded: (call, result) => callEnd.publish({ call, result } satisfies CallEndMessage),
};

/** The options of a client whose calls are published. */
export function withDiagnostics<T extends Pick<ClientOptions, "observers">>(options: T): T {
  const { observers = [] } = options;
  // Anything else is refused by name where options are checked.
  return Array.isArray(observers) ? { ...options, observers: [...observers, publisher] } : options;
}
