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
  /** The rate that was refused last, and the one in force before that. */
  #refusedRate = Number.POSITIVE_INFINITY;
  #rateBefore = Number.POSITIVE_INFINITY;
  #nextMs = Number.NEGATIVE_INFINITY;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  /** Answers in the second that runs, and in the one before. */
  #accepted = 0;
  #acceptedBefore = 0;
  #secondStartMs = Number.NEGATIVE_INFINITY;
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
    this.#refusalsInARow = 0;
    if (this.#runtime.now() < this.#pausedUntilMs) {
      // It was sent before the refusal, and only its answer is later.
      this.#accepted++;
      this.#slowDown();
      return;
    }
    this.#rollSecond();
    this.#accepted++;
    this.#rate += this.#rate > PROVED * this.#refusedRate ? BOLD_STEP : CAUTIOUS_STEP;
  }

  /**
   * The rate limit refused a request.
   *
   * @param pauseMs - how long the server asked to wait; undefined when it did not say
   */
  refused(pauseMs: number | undefined): void {
    const now = this.#runtime.now();
    if (now >= this.#pausedUntilMs) {
      this.#rollSecond();
      this.#rateBefore = this.#rate;
      this.#slowDown();
    }
    const doubled = Math.min(LONGEST_PAUSE_MS, SECOND_MS * 2 ** this.#refusalsInARow++);
    // Spread out, so that clients which were refused together do not come back together.
    const pause = pauseMs ?? doubled * (1 + 0.25 * this.#runtime.random());
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, now + pause);
    this.#nextMs = this.#pausedUntilMs;
  }

  /** Sets the rate to just under what was accepted. */
  #slowDown(): void {
    const proved = Math.max(1, this.#accepted, this.#acceptedBefore);
    // A second that has only begun proves little: one refusal halves the rate at most.
    const least = this.#rateBefore === Number.POSITIVE_INFINITY ? 0 : this.#rateBefore / 2;
    this.#refusedRate = Math.max(least, Math.min(this.#rateBefore, proved));
    this.#rate = Math.max(SLOWEST, this.#refusedRate * ON_REFUSAL);
  }

  #rollSecond(): void {
    const now = this.#runtime.now();
    const seconds = Math.floor((now - this.#secondStartMs) / SECOND_MS);
    if (seconds < 1) return;
    this.#acceptedBefore = seconds === 1 ? this.#accepted : 0;
    this.#accepted = 0;
    this.#secondStartMs = now;
  }
}
