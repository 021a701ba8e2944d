import { importAll } from "../client/on-demand.ts";
import type { Runtime, Timer } from "../runtime/runtime.ts";
import { openTurns, type Turns } from "./turns.ts";

/** Options of `VirtualClock`. */
export interface VirtualClockOptions {
  /** The time at which the clock starts, in milliseconds since 1970. Default: the start of 2025, UTC. */
  readonly startMs?: number | undefined;
  /** Where the random numbers start: equal seeds give equal numbers. Default 1. */
  readonly seed?: number | undefined;
  /** Whether callers may wait for each other's promises; false imitates edge workers. Default true. */
  readonly sharesPromises?: boolean | undefined;
}

interface PendingTimer {
  readonly dueMs: number;
  readonly task: () => void;
}

const DEFAULT_START_MS = Date.UTC(2025, 0, 1);

/**
 * A runtime whose time passes only when a test says so: hand it to a client as
 * its third argument. Timers run in the order in which they are due, and between
 * any two of them everything that can go on without time passing does.
 *
 * Work that waits for anything but this clock (a socket, a real timer) is beyond
 * it: use a real server and real time for that.
 */
export class VirtualClock implements Runtime {
  readonly sharesPromises: boolean;
  readonly #timers = new Set<PendingTimer>();
  #nowMs: number;
  #randomState: number;

  constructor(options: VirtualClockOptions = {}) {
    this.#nowMs = options.startMs ?? DEFAULT_START_MS;
    this.#randomState = options.seed ?? 1;
    this.sharesPromises = options.sharesPromises ?? true;
  }

  now(): number {
    return this.#nowMs;
  }

  /** How many timers are set. 0 when whatever used the clock has cleaned up after itself. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  setTimer(task: () => void, delayMs: number): Timer {
    const timer: PendingTimer = { dueMs: this.#nowMs + Math.max(0, delayMs), task };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** The next of a fixed sequence of numbers, spread evenly from 0 up to, but not including, 1. */
  random(): number {
    // Mulberry32: a 32-bit counter, scrambled.
    this.#randomState = (this.#randomState + 0x6d2b79f5) | 0;
    let bits = this.#randomState;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Resolves when `delayMs` have passed on this clock. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.setTimer(resolve, delayMs);
    });
  }

  /** Lets `ms` pass: runs every timer that falls due, and ends exactly that much later. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    await this.#withTurns(async (turns) => {
      await turns.next();
      for (
        let timer = this.#earliest();
        timer !== undefined && timer.dueMs <= end;
        timer = this.#earliest()
      ) {
        this.#fire(timer);
        await turns.next();
      }
    });
    this.#nowMs = Math.max(this.#nowMs, end);
  }

  /**
   * Lets time pass from timer to timer until `work` settles, and settles likewise.
   * Rejects when `work` waits and no timer is set any more: it would wait for ever.
   */
  async run<T>(work: PromiseLike<T>): Promise<T> {
    let settled = false;
    const onSettled = () => {
      settled = true;
    };
    work.then(onSettled, onSettled);
    await this.#withTurns(async (turns) => {
      for (;;) {
        await turns.next();
        if (settled) return;
        const timer = this.#earliest();
        if (timer === undefined)
          throw new Error("the work waits for something that no timer of this clock brings");
        this.#fire(timer);
      }
    });
    return work;
  }

  #fire(timer: PendingTimer): void {
    this.#timers.delete(timer);
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    timer.task();
  }

  #earliest(): PendingTimer | undefined {
    let earliest: PendingTimer | undefined;
    for (const timer of this.#timers) {
      // The set is in the order of setting, so the first of equals stays.
      if (earliest === undefined || timer.dueMs < earliest.dueMs) earliest = timer;
    }
    return earliest;
  }

  async #withTurns(use: (turns: Turns) => Promise<void>): Promise<void> {
    // Code that a client loads on demand comes in real time, which this clock does not wait for.
    await importAll();
    const turns = openTurns();
    try {
      await use(turns);
    } finally {
      turns.close();
    }
  }
}
