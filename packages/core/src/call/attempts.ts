import type { TokenSource } from "../auth/token-source.ts";
import { diagnose } from "../faults/diagnose.ts";
import type { Diagnosis } from "../faults/diagnosis.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { TransportFailure } from "../transport/transport-failure.ts";
import type { ActiveCall } from "./active-call.ts";
import { backOffMs, pollPauseMs, rateLimitPauseMs } from "./back-off.ts";
import { errorOfFailure } from "./call-error.ts";
import { type PushBack, readPushBack } from "./push-back.ts";
import type { Recovery } from "./recovery.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** What every call of one client shares. */
export interface AttemptContext {
  readonly runtime: Runtime;
  readonly budget: RetryBudget;
  readonly tokens: TokenSource;
}

/** How the attempts of one call are made. */
export interface AttemptPlan<O, T> {
  /** Sends the request, perhaps in two copies. Rejects with a `TransportFailure`. */
  send(token: string | undefined): Promise<T>;
  /** Looks at the server's state after a failure. */
  recover(failure: TransportFailure, diagnosis: Diagnosis, ambiguousBefore: boolean): Promise<Recovery<O>>;
  /** What `send` would have given for a reply that was recovered. */
  recovered(reply: O): T;
}

/** How the attempts of one call have gone so far. */
interface Progress {
  retries: number;
  polls: number;
  /** A token that a server refused; one renewal is tried. */
  refused: string | undefined;
  /** Whether an attempt may have taken effect without our knowing. */
  ambiguous: boolean;
}

/** One failed attempt, with all that the decision about it needs. */
interface Failed {
  readonly failure: TransportFailure;
  readonly diagnosis: Diagnosis;
  readonly harmless: boolean;
  readonly pushBack: PushBack;
  readonly token: string | undefined;
}

/**
 * Sends a request until it succeeds, or until repeating it would be useless,
 * harmful or too late. Rejects with a `VectronError`.
 */
export async function attemptUntilSettled<I, O, T>(
  call: ActiveCall<I, O>,
  context: AttemptContext,
  plan: AttemptPlan<O, T>,
): Promise<T> {
  const progress: Progress = { retries: 0, polls: 0, refused: undefined, ambiguous: false };
  for (;;) {
    const pending = context.tokens.token(call.scope.signal, progress.refused);
    const token = typeof pending === "object" ? await pending : pending;
    try {
      const result = await plan.send(token);
      context.budget.succeeded();
      return result;
    } catch (failure) {
      if (!(failure instanceof TransportFailure)) throw failure;
      const seen = diagnose(call.info.method, failure.code, failure.message);
      const recovery = await plan.recover(failure, seen, progress.ambiguous);
      if (recovery.kind === "done") return plan.recovered(recovery.reply);
      const failed = weigh(call, context, failure, seen, recovery, token);
      call.lastFailure = failed;
      progress.ambiguous ||= !failed.harmless;

      const delayMs =
        recovery.kind === "failed" ? undefined : delayBeforeRepeat(call, context, failed, progress);
      if (delayMs === undefined || delayMs >= call.scope.remainingMs) {
        throw errorOfFailure(call, failed, {
          harmless: failed.harmless,
          retryAfterMs: typeof failed.pushBack === "number" ? failed.pushBack : undefined,
          token,
        });
      }
      if (delayMs > 0) await call.scope.sleep(delayMs);
    }
  }
}

function weigh<I, O>(
  call: ActiveCall<I, O>,
  context: AttemptContext,
  failure: TransportFailure,
  seen: Diagnosis,
  recovery: Exclude<Recovery<O>, { kind: "done" }>,
  token: string | undefined,
): Failed {
  const diagnosis = recovery.kind === "unknown" ? seen : recovery.diagnosis;
  const untouched =
    failure.requestSent === "no" || recovery.kind === "no-effect" || diagnosis.condition === "rate-limit";
  return {
    failure,
    diagnosis,
    harmless: untouched || call.spec.method.idempotent,
    pushBack: readPushBack(failure.metadata, context.runtime.now()),
    token,
  };
}

/** How long to wait before the request is sent again; undefined: it is not to be sent again. */
function delayBeforeRepeat<I, O>(
  call: ActiveCall<I, O>,
  context: AttemptContext,
  failed: Failed,
  progress: Progress,
): number | undefined {
  const { diagnosis, harmless, failure, pushBack, token } = failed;
  const { condition, code } = diagnosis;
  if (code === "UNAUTHENTICATED" && context.tokens.renewable && progress.refused === undefined) {
    progress.refused = token;
    progress.polls += 1;
    return 0;
  }
  if (condition === "not-ready" && harmless) return pollPauseMs(progress.polls++);
  if (condition === "too-large" || !call.retry.codes.has(code)) return undefined;

  const rateLimited = condition === "rate-limit";
  if (!rateLimited) context.budget.failed();
  const spent = call.log.count - progress.polls >= call.retry.maxAttempts;
  if (spent || pushBack === "stop" || !(harmless || call.retry.nonIdempotent)) return undefined;
  if (context.budget.exhausted && !rateLimited) return undefined;

  const retry = progress.retries++;
  if (pushBack !== undefined) return pushBack;
  if (rateLimited) return rateLimitPauseMs(context.runtime);
  // Nothing was sent: most often a connection that died idle, and a new one is at hand.
  if (retry === 0 && failure.requestSent === "no") return 0;
  return backOffMs(call.retry, retry, context.runtime);
}
