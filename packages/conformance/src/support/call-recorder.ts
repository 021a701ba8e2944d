import type { AttemptRecord, CallInfo, CallObserver, CallResult } from "@vectron/core";

/** Writes down what a client does. */
export class CallRecorder implements CallObserver {
  readonly calls: CallInfo[] = [];
  /** The call of each attempt that began, in the order of their beginnings. */
  readonly attempts: CallInfo[] = [];
  readonly endedAttempts: AttemptRecord[] = [];
  readonly results: CallResult[] = [];
  /** Everything, in the order in which it happened. */
  readonly events: string[] = [];

  callStarted(call: CallInfo): void {
    this.calls.push(call);
    this.events.push(`${call.requestId} call started`);
  }

  attemptStarted(call: CallInfo): void {
    this.attempts.push(call);
    this.events.push(`${call.requestId} attempt started`);
  }

  attemptEnded(call: CallInfo, attempt: AttemptRecord): void {
    this.endedAttempts.push(attempt);
    this.events.push(`${call.requestId} attempt ended ${attempt.code}`);
  }

  callEnded(call: CallInfo, result: CallResult): void {
    this.results.push(result);
    this.events.push(`${call.requestId} call ended`);
  }
}
