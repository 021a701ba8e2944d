import { AuthenticationError, InvalidArgumentError } from "../errors/error-classes.ts";
import { textOf } from "../errors/text-of.ts";
import { VectronError } from "../errors/vectron-error.ts";
import { LightAbort } from "../runtime/light-abort.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type AbortSignalLike, webGlobals } from "../runtime/web-globals.ts";
import { SharedWork } from "./shared-work.ts";
import type { AccessToken, TokenProvider } from "./token-provider.ts";
import { requireToken, type TokenSource, type TokenWait } from "./token-source.ts";

/** At most this share of a token's life is given up to renew it early, and no more than a minute. */
const EARLY_SHARE = 0.2;
const EARLIEST_MS = 60_000;

interface CachedToken {
  readonly token: string;
  readonly expiresAtMs: number;
  /** From when on the next caller renews it: spread out, so that clients do not renew together. */
  renewAtMs: number;
}

/** Where callers cannot wait for each other's promises: how long they wait for the one who asks before another does. */
const LOST_AFTER_MS = 2_000;

/** One run of the provider, for all who wait for it. */
interface Flight {
  readonly result: Promise<CachedToken>;
  /** The token that it is to replace because a server refused it. */
  readonly refused: string | undefined;
  readonly stop: () => void;
  waiting: number;
}

/** Keeps a provider's token until shortly before it expires, and asks for each new one once. */
export class ProvidedToken implements TokenSource {
  readonly sendsToken = true;
  readonly renewable = true;
  readonly #provider: TokenProvider;
  readonly #runtime: Runtime;
  readonly #work: SharedWork<CachedToken>;
  #cached: CachedToken | undefined;
  #flight: Flight | undefined;

  constructor(provider: TokenProvider, runtime: Runtime) {
    this.#provider = provider;
    this.#runtime = runtime;
    this.#work = new SharedWork(runtime, LOST_AFTER_MS);
  }

  token(signal: AbortSignalLike, { refused, patienceMs }: TokenWait): string | Promise<string> {
    if (this.#cached?.token === refused) this.#cached = undefined;
    const cached = this.#cached;
    const now = this.#runtime.now();
    if (cached === undefined || now >= cached.expiresAtMs) return this.#fetch(signal, refused);
    if (now < cached.renewAtMs) return cached.token;
    // One caller renews early. The others go on with what is still good, and so do
    // those who come later, for half of its time, if that caller fails.
    cached.renewAtMs = now + (cached.expiresAtMs - now) / 2;
    return this.#renewEarly(cached.token, signal, patienceMs);
  }

  /** Asks for the next token while one is good, which does when the other does not come soon. */
  #renewEarly(good: string, signal: AbortSignalLike, patienceMs: number): Promise<string> {
    const enough = new LightAbort();
    const stop = () => enough.abort();
    const timer = this.#runtime.setTimer(stop, patienceMs);
    signal.addEventListener("abort", stop, { once: true });
    return new Promise<string>((resolve) => {
      enough.addEventListener("abort", () => resolve(good));
      this.#fetch(enough, undefined).then(resolve, () => resolve(good));
    }).finally(() => {
      timer.cancel();
      signal.removeEventListener("abort", stop);
    });
  }

  #fetch(signal: AbortSignalLike, refused: string | undefined): Promise<string> {
    if (!this.#runtime.sharesPromises) return this.#share(signal, refused);
    const shared = this.#flight;
    // A flight that began before the refusal may bring the refused token again.
    if (shared !== undefined && (refused === undefined || shared.refused === refused)) {
      return this.#join(shared, signal);
    }
    this.#flight = this.#take(refused);
    return this.#join(this.#flight, signal);
  }

  /** Asks, or waits for who does, by timers of the caller's own. */
  async #share(signal: AbortSignalLike, refused: string | undefined): Promise<string> {
    let isOwn = false;
    const work = async () => {
      isOwn = true;
      const { result, stop } = this.#take(refused);
      signal.addEventListener("abort", stop, { once: true });
      this.#cached = await result;
      return this.#cached;
    };
    let fresh = await this.#work.run(work, signal);
    // Another's, who did not know of the refusal.
    if (!isOwn && fresh.token === refused) fresh = await this.#work.run(work, signal);
    return fresh.token;
  }

  #take(refused: string | undefined): Flight {
    const controller = new webGlobals.AbortController();
    const result = this.#ask(controller.signal, refused);
    const flight: Flight = { result, refused, stop: () => controller.abort(), waiting: 0 };
    result.then(
      (fresh) => {
        if (this.#drop(flight)) this.#cached = fresh;
      },
      () => this.#drop(flight),
    );
    return flight;
  }

  /** Waits for a flight; when the last who waits has left, the flight is given up. */
  async #join(flight: Flight, signal: AbortSignalLike): Promise<string> {
    const leave = () => {
      flight.waiting -= 1;
      if (flight.waiting > 0) return;
      this.#drop(flight);
      flight.stop();
    };
    flight.waiting += 1;
    signal.addEventListener("abort", leave, { once: true });
    try {
      return (await flight.result).token;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #drop(flight: Flight): boolean {
    if (this.#flight !== flight) return false;
    this.#flight = undefined;
    return true;
  }

  async #ask(signal: AbortSignalLike, refused: string | undefined): Promise<CachedToken> {
    try {
      const answer = await this.#provider({ signal, refused });
      return this.#accept(typeof answer === "string" ? { token: answer } : answer);
    } catch (cause) {
      // One that belongs to a call of the provider's own is not yet about this one.
      if (cause instanceof AuthenticationError && cause.method === undefined) throw cause;
      const reason = cause instanceof Error ? cause.message : textOf(cause);
      const { retryable, retryAfterMs } = cause instanceof VectronError ? cause : {};
      throw new AuthenticationError(`the token provider failed: ${reason}`, {
        cause,
        retryable,
        retryAfterMs,
      });
    }
  }

  #accept(answer: AccessToken): CachedToken {
    const token = requireToken("the token that the provider returned", answer?.token);
    const expiresAtMs = requireTime("expiresAtMs", answer.expiresAtMs) ?? Number.POSITIVE_INFINITY;
    const renewAtMs = requireTime("renewAtMs", answer.renewAtMs) ?? this.#renewalOf(expiresAtMs);
    return { token, expiresAtMs, renewAtMs };
  }

  #renewalOf(expiresAtMs: number): number {
    const life = expiresAtMs - this.#runtime.now();
    const early = Math.min(EARLIEST_MS, life * EARLY_SHARE) * (0.5 + this.#runtime.random() / 2);
    return life === Number.POSITIVE_INFINITY ? life : expiresAtMs - early;
  }
}

function requireTime(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (typeof value === "number" && !Number.isNaN(value))) return value;
  throw new InvalidArgumentError(`${name} of the token that the provider returned must be a number`);
}
