/** What searches see of an id while newer writes of it wait. */
interface Held {
  /** The newest vector that has come through; undefined for a point that is all new. */
  shown: Float32Array | undefined;
  waiting: number;
}

interface Write {
  readonly id: string;
  readonly vector: Float32Array;
  readonly held: Held;
  readonly visibleAt: number;
}

/**
 * The delay between a write and the searches that see it. Holds only what
 * differs from the stored points, for as long as it does.
 */
export class SearchLag {
  readonly #lagMs: number;
  readonly #now: () => number;
  readonly #heldById = new Map<string, Held>();
  #writes: Write[] = [];
  #next = 0;

  constructor(lagMs: number, now: () => number) {
    this.#lagMs = lagMs;
    this.#now = now;
  }

  /** Takes note of a write. `before` is the vector that it replaced. */
  write(id: string, vector: Float32Array, before: Float32Array | undefined): void {
    this.#settle();
    let held = this.#heldById.get(id);
    if (held === undefined) {
      held = { shown: before, waiting: 0 };
      this.#heldById.set(id, held);
    }
    held.waiting++;
    this.#writes.push({ id, vector, held, visibleAt: this.#now() + this.#lagMs });
  }

  /** A removed point is gone from searches at once, and what is written under its id later is new. */
  remove(id: string): void {
    this.#heldById.delete(id);
  }

  /** The vector that a search sees for a stored point; undefined when it does not see the point yet. */
  shown(id: string, stored: Float32Array): Float32Array | undefined {
    this.#settle();
    const held = this.#heldById.get(id);
    return held === undefined ? stored : held.shown;
  }

  #settle(): void {
    const now = this.#now();
    for (;;) {
      const write = this.#writes[this.#next];
      if (write === undefined || write.visibleAt > now) break;
      this.#next++;
      this.#show(write);
    }
    if (this.#next === 0 || this.#next * 2 < this.#writes.length) return;
    this.#writes = this.#writes.slice(this.#next);
    this.#next = 0;
  }

  #show({ id, vector, held }: Write): void {
    held.shown = vector;
    held.waiting--;
    if (held.waiting === 0 && this.#heldById.get(id) === held) this.#heldById.delete(id);
  }
}
