import type { Point } from "./point.ts";

/** What a snapshot reads from: rows as they are at the moment. */
export interface SnapshotSource {
  /** One past the last row. */
  readonly end: number;
  /** The point of a row, its vector copied; undefined when it is empty. */
  pointAt(row: number): Point | undefined;
}

/**
 * The points of a collection as they were when the snapshot was taken. Nothing is
 * copied then: a row that changes before it has been read is kept as it was.
 */
export class CollectionSnapshot {
  readonly #source: SnapshotSource;
  readonly #end: number;
  readonly #onClose: () => void;
  readonly #kept = new Map<number, Point | undefined>();
  #next = 0;

  constructor(source: SnapshotSource, onClose: (snapshot: CollectionSnapshot) => void) {
    this.#source = source;
    this.#end = source.end;
    this.#onClose = () => onClose(this);
  }

  /** To be called before a row changes for the first time, with what it holds; undefined when it is empty. */
  keep(row: number, point: Point | undefined): void {
    if (row >= this.#next && row < this.#end && !this.#kept.has(row)) this.#kept.set(row, point);
  }

  /** The points that have not been read yet. */
  *points(): Generator<Point, void, void> {
    while (this.#next < this.#end) {
      const row = this.#next;
      const point = this.#kept.has(row) ? this.#kept.get(row) : this.#source.pointAt(row);
      this.#kept.delete(row);
      this.#next += 1;
      if (point !== undefined) yield point;
    }
  }

  /** Lets go of what it has kept. It is not to be read after that. */
  close(): void {
    this.#next = this.#end;
    this.#kept.clear();
    this.#onClose();
  }
}
