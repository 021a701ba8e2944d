import type { TokenSource, TokenWait } from "../auth/token-source.ts";
import { isUseless } from "../faults/diagnosis.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type ActiveCall, countedAttempts } from "./active-call.ts";
import { backOffMs, pollPauseMs, rateLimitPauseMs } from "./back-off.ts";
import { errorOfFailure } from "./call-error.ts";
import { FailedAttempt } from "./failed-attempt.ts";
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
  /** Sends the request, perhaps in two copies. Rejects with a `FailedAttempt`. */
  send(token: string | undefined): Promise<T>;
  /** Looks at the server's state after a failure. */
  recover(failed: FailedAttempt, ambiguousBefore: boolean): Promise<Recovery<O>>;
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

/** One round of attempts (two, where one was hedged) that failed, with all that the decision about it needs. */
interface FailedRound {
  readonly failed: FailedAttempt;
  /** How many attempts the round took. */
  readonly attempts: number;
  readonly token: string | undefined;
  /** Whether repeating the request does no harm. */
  readonly harmless: boolean;
  /** Whether the request may have taken effect, or may do so yet. */
  readonly ambiguous: boolean;
  readonly pushBack: PushBack;
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
  const tokens = tokensOf(call, context);
  for (;;) {
    const pending = tokens.token(call.scope.signal, tokenWait(call, progress.refused));
    const token = typeof pending === "object" ? await pending : pending;
    // A token, or a pause of no length, may come after the end.
    call.scope.throwIfEnded();
    const before = call.log.count;
    try {
      const result = await plan.send(token);
      context.budget.succeeded();
      return result;
    } catch (reason) {
      call.scope.throwIfEnded();
      if (!(reason instanceof FailedAttempt)) throw reason;
      call.lastFailure = reason;
      const recovery = await plan.recover(reason, progress.ambiguous);
      if (recovery.kind === "done") return plan.recovered(recovery.reply);
      const round = weigh(call, recovery, {
        failed: reason,
        attempts: call.log.count - before,
        token,
        pushBack: readPushBack(reason.failure.metadata, context.runtime.now()),
      });
      call.lastFailure = round.failed;
      progress.ambiguous ||= round.ambiguous;

      const delayMs =
        recovery.kind === "failed" ? undefined : delayBeforeRepeat(call, context, round, progress);
      if (delayMs === undefined || delayMs >= call.scope.remainingMs) {
        throw errorOfFailure(call, round.failed, {
          harmless: round.harmless,
          retryAfterMs: typeof round.pushBack === "number" ? round.pushBack : undefined,
        });
      }
      if (delayMs > 0) await call.scope.sleep(delayMs);
    }
  }
}

/** A call waits half of its time for a token that it could do without. */
export function tokenWait<I, O>({ scope }: ActiveCall<I, O>, refused?: string): TokenWait {
  return { refused, patienceMs: scope.remainingMs / 2 };
}

/** Where a call's token comes from. */
export function tokensOf<I, O>(
  call: ActiveCall<I, O>,
  { tokens }: Pick<AttemptContext, "tokens">,
): TokenSource {
  return call.spec.tokens ?? tokens;
}

/** Judges a round that failed, by its own failure or by what the server's state has shown since. */
function weigh<I, O>(
  call: ActiveCall<I, O>,
  recovery: Exclude<Recovery<O>, { kind: "done" }>,
  round: Omit<FailedRound, "harmless" | "ambiguous">,
): FailedRound {
  const { failure } = round.failed;
  const failed = recovery.kind === "unknown" ? round.failed : new FailedAttempt(failure, recovery.diagnosis);
  const { code, condition, pauseMs } = failed.diagnosis;
  // Servers look at tokens and limits before they do anything.
  const refused = code === "UNAUTHENTICATED" || condition === "rate-limit";
  const untouched = refused || failure.requestSent === "no";
  return {
    ...round,
    failed,
    harmless: untouched || recovery.kind === "no-effect" || call.spec.method.idempotent,
    // A cluster may still be at work on what had no effect yet when it was looked for.
    ambiguous: !untouched && round.failed.diagnosis.condition !== "create-refused",
    pushBack: round.pushBack ?? pauseMs,
  };
}

/** How long to wait before the request is sent again; undefined: it is not to be sent again. */
function delayBeforeRepeat<I, O>(
  call: ActiveCall<I, O>,
  context: AttemptContext,
  round: FailedRound,
  progress: Progress,
): number | undefined {
  const { failed, harmless, pushBack } = round;
  const { condition, code } = failed.diagnosis;
  if (code === "UNAUTHENTICATED" && tokensOf(call, context).renewable && progress.refused === undefined) {
    progress.refused = round.token;
    call.uncounted += round.attempts;
    return 0;
  }
  if (condition === "not-ready" && harmless && pushBack !== "stop") {
    call.uncounted += round.attempts;
    return pushBack ?? pollPauseMs(progress.polls++);
  }
  if (!isRetryable(call, failed)) return undefined;

  if (spendsBudget(failed)) context.budget.failed();
  const spent = countedAttempts(call) >= call.retry.maxAttempts;
  if (spent || pushBack === "stop" || !(harmless || call.retry.nonIdempotent)) return undefined;
  const rateLimited = condition === "rate-limit";
  if (context.budget.exhausted && !rateLimited) return undefined;

  const retry = progress.retries++;
  if (pushBack !== undefined) return pushBack;
  if (rateLimited) return rateLimitPauseMs(context.runtime);
  // Nothing was sent: most often a connection that died idle, and a new one is at hand.
  if (retry === 0 && failed.failure.requestSent === "no") return 0;
  return backOffMs(call.retry, retry, context.runtime);
}

/** Whether another try can succeed where this one failed. */
export function isRetryable<I, O>(call: ActiveCall<I, O>, { diagnosis }: FailedAttempt): boolean {
  return !isUseless(diagnosis) && call.retry.codes.has(diagnosis.code);
}

/** Whether a failure that is retryable tells of an outage: a limit does not, nor do shards that are starting. */
export function spendsBudget({ diagnosis }: FailedAttempt): boolean {
  return diagnosis.condition !== "rate-limit" && diagnosis.condition !== "not-ready";
}
