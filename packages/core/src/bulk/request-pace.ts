import type { Runtime } from "../runtime/runtime.ts";

const SECOND_MS = 1_000;
/** A refusal proves that this share of the rate was too much. */
const ON_REFUSAL = 0.95;
/** Requests a second that each answer adds: 0.25 % a second near the rate that was refused, ... */
const CAUTIOUS_STEP = 0.0025;
/** ... and 10 % a second once the server has proved that it allows more than that. */
const BOLD_STEP = 0.1;
const PROVED = 1.05;
const SLOWEST = 0.1;
/** How far sending may lag behind its schedule and still catch up: timers are late by milliseconds. */
const SLACK_MS = 20;
const LONGEST_PAUSE_MS = 30_000;

/**
 * How fast requests may be sent to a server that limits their rate. Concurrency
 * cannot hold a rate: one request at a time is a thousand a second where an
 * answer takes a millisecond.
 *
 * There is no limit until a request is refused. Then nothing is sent for as long
 * as the server asks, or for a second, the window of a stock server, which counts
 * refused requests too; each further refusal doubles that. Afterwards requests
 * are spaced evenly at just under the rate that was accepted, which is raised
 * again bit by bit.
 */
export class RequestPace {
  readonly #runtime: Runtime;
  /** Requests a second. */
  #rate = Number.POSITIVE_INFINITY;
  #refusedRate = Number.POSITIVE_INFINITY;
  #nextMs = Number.NEGATIVE_INFINITY;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #accepted = 0;
  #acceptedBefore = 0;
  #refusalsInARow = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** How long the next request has to wait, in milliseconds. */
  get delayMs(): number {
    return Math.max(0, this.#nextMs - this.#runtime.now());
  }

  /** Counts a request in. */
  sent(): void {
    if (this.#rate === Number.POSITIVE_INFINITY) return;
    this.#nextMs = Math.max(this.#nextMs, this.#runtime.now() - SLACK_MS) + SECOND_MS / this.#rate;
  }

  /** A request passed the rate limit, whatever became of it then. */
  accepted(): void {
    this.#rollWindow();
    this.#accepted++;
    this.#refusalsInARow = 0;
    this.#rate += this.#rate > PROVED * this.#refusedRate ? BOLD_STEP : CAUTIOUS_STEP;
  }

  /**
   * The rate limit refused a request.
   *
   * @param pauseMs - how long the server asked to wait; undefined when it did not say
   */
  refused(pauseMs: number | undefined): void {
    this.#rollWindow();
    const proved = Math.max(1, this.#accepted, this.#acceptedBefore);
    // A window that has only begun proves little: one refusal halves the rate at most.
    const least = this.#rate === Number.POSITIVE_INFINITY ? 0 : this.#rate / 2;
    this.#refusedRate = Math.max(least, Math.min(this.#rate, proved));
    this.#rate = Math.max(SLOWEST, this.#refusedRate * ON_REFUSAL);
    this.#accepted = 0;
    this.#acceptedBefore = 0;

    const doubled = Math.min(LONGEST_PAUSE_MS, SECOND_MS * 2 ** this.#refusalsInARow++);
    // Spread out, so that clients which were refused together do not come back together.
    const pause = pauseMs ?? doubled * (1 + 0.25 * this.#runtime.random());
    this.#nextMs = Math.max(this.#nextMs, this.#runtime.now() + pause);
  }

  #rollWindow(): void {
    const now = this.#runtime.now();
    const windows = Math.floor((now - this.#windowStartMs) / SECOND_MS);
    if (windows < 1) return;
    this.#acceptedBefore = windows === 1 ? this.#accepted : 0;
    this.#accepted = 0;
    this.#windowStartMs = now;
  }
}
