/** How often a client may ping. */
export interface PingLimits {
  /** The least time between two pings, in milliseconds. */
  readonly minPingIntervalMs: number;
  /** Whether a connection without calls may be pinged that often too. */
  readonly keepalivePermitWithoutCalls: boolean;
}

/** How many pings may come too soon before the connection is ended. */
const MAX_STRIKES = 2;

/** The least time between pings that keep nothing alive. */
const WITHOUT_CALLS_MS = 2 * 60 * 60 * 1_000;

/**
 * Decides about the pings of one connection as gRPC servers do
 * (https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md): those that follow
 * another too soon are counted, and what the server sends takes the count back to zero, because
 * clients measure the bandwidth with pings when they receive.
 */
export class PingPolicy {
  readonly #limits: PingLimits;
  readonly #now: () => number;
  #lastPing = Number.NEGATIVE_INFINITY;
  #strikes = 0;

  /** @param now - the time in milliseconds, from any beginning */
  constructor(limits: PingLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** The server has sent headers, a message or a status. */
  sent(): void {
    this.#strikes = 0;
    this.#lastPing = Number.NEGATIVE_INFINITY;
  }

  /** A ping has come; false when it is one too many. */
  received(hasCalls: boolean): boolean {
    const { minPingIntervalMs, keepalivePermitWithoutCalls } = this.#limits;
    const now = this.#now();
    const least = hasCalls || keepalivePermitWithoutCalls ? minPingIntervalMs : WITHOUT_CALLS_MS;
    if (now - this.#lastPing < least) this.#strikes++;
    this.#lastPing = now;
    return this.#strikes <= MAX_STRIKES;
  }
}
