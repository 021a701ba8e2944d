import { clock, count, counted } from "./numbers.ts";
import type { Style } from "./style.ts";

/** How far a job has come. */
export interface ProgressState {
  readonly done: number;
  readonly rejected: number;
  /** From 0 to 1; undefined where the end is not known. */
  readonly fraction: number | undefined;
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const LINE_EVERY_MS = 5_000;
/** The rate is that of the last seconds: what the job does now. */
const RATE_WINDOW_MS = 5_000;

/** Shows how far a job has come: a bar on a terminal, a plain line now and then elsewhere. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #style: Style;
  readonly #noun: string;
  readonly #startMs = performance.now();
  #first: ProgressState | undefined;
  #shownMs = 0;
  #recent: { ms: number; done: number }[] = [];
  #isDrawn = false;

  constructor(stream: NodeJS.WriteStream, style: Style, noun: string) {
    this.#stream = stream;
    this.#style = style;
    this.#noun = noun;
    this.#shownMs = this.#startMs;
  }

  /** Shows a state, unless one was shown only just now. */
  update(state: ProgressState): void {
    const now = performance.now();
    this.#first ??= state;
    if (now - this.#shownMs < (this.#stream.isTTY ? REDRAW_MS : LINE_EVERY_MS)) return;
    this.#shownMs = now;
    const oldest = now - RATE_WINDOW_MS;
    this.#recent = [...this.#recent.filter(({ ms }) => ms >= oldest), { ms: now, done: state.done }];
    const text = this.#describe(state, now);
    if (!this.#stream.isTTY) {
      this.#stream.write(`${text}\n`);
      return;
    }
    this.#stream.write(`\r\u001b[2K${this.#bar(state.fraction)}${text.slice(0, this.#room(state.fraction))}`);
    this.#isDrawn = true;
  }

  /** Removes the bar, to leave its place to what follows. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write("\r\u001b[2K");
    this.#isDrawn = false;
  }

  #room(fraction: number | undefined): number {
    return Math.max(20, (this.#stream.columns ?? 80) - 1 - (fraction === undefined ? 0 : BAR_WIDTH + 3));
  }

  #bar(fraction: number | undefined): string {
    if (fraction === undefined) return "";
    const filled = Math.round(fraction * BAR_WIDTH);
    return `[${this.#style.good("#".repeat(filled))}${" ".repeat(BAR_WIDTH - filled)}] `;
  }

  #describe({ done, rejected, fraction }: ProgressState, now: number): string {
    const parts = [counted(done, this.#noun), `${count(this.#rate(now, done))}/s`];
    if (fraction !== undefined) parts.unshift(`${(fraction * 100).toFixed(1)}%`);
    const eta = this.#secondsLeft(fraction, now);
    if (eta !== undefined) parts.push(`ETA ${clock(eta)}`);
    if (rejected > 0) parts.push(`${count(rejected)} rejected`);
    return parts.join("  ");
  }

  #rate(now: number, done: number): number {
    const first = this.#recent.length > 1 ? this.#recent[0] : undefined;
    const [fromMs, fromDone] = first ? [first.ms, first.done] : [this.#startMs, this.#first?.done ?? 0];
    return ((done - fromDone) / Math.max(1, now - fromMs)) * 1_000;
  }

  #secondsLeft(fraction: number | undefined, now: number): number | undefined {
    const begun = this.#first?.fraction;
    if (fraction === undefined || begun === undefined || fraction <= begun) return undefined;
    return (((now - this.#startMs) / (fraction - begun)) * (1 - fraction)) / 1_000;
  }
}
