import type { Point } from "../gen/vectron/v1/messages.ts";
import { sizeUpsertRequest } from "../gen/vectron/v1/size.ts";
import type { Span } from "./settled-prefix.ts";

/** Records that are sent in one request. */
export interface Batch {
  readonly points: Point[];
  /** The place of each point in the source, ascending. */
  readonly indices: number[];
  readonly span: Span;
  /** Size of the request, in protobuf bytes. */
  bytes: number;
}

/** How large batches may be. */
export interface BatchLimits {
  readonly maxPoints: number;
  readonly maxBytes: number;
}

/** Gathers records into batches by count and by exact encoded size. */
export class Batcher {
  readonly #maxPoints: number;
  readonly #emptyBytes: number;
  #maxBytes: number;
  #open: Batch | undefined;

  constructor(collection: string, { maxPoints, maxBytes }: BatchLimits) {
    this.#maxPoints = maxPoints;
    this.#maxBytes = maxBytes;
    this.#emptyBytes = sizeUpsertRequest({ collection, points: [] });
  }

  /** Whether the open batch can take no further point. */
  get full(): boolean {
    return this.#open !== undefined && this.#open.points.length >= this.#maxPoints;
  }

  /** The size of a request that holds one point alone. */
  sizeAlone(point: Point): number {
    return sizeUpsertRequest({ collection: "", points: [point] }) + this.#emptyBytes;
  }

  /** Whether a point of that size can join the open batch without making it too large; an empty one takes any. */
  hasRoom(sizeAlone: number): boolean {
    if (this.#open === undefined) return true;
    return this.#open.bytes + sizeAlone - this.#emptyBytes <= this.#maxBytes;
  }

  /**
   * Adds a point to the open batch.
   *
   * @param openSpan - begins the span of a batch whose first record this is
   */
  add(point: Point, index: number, sizeAlone: number, openSpan: (index: number) => Span): void {
    this.#open ??= { points: [], indices: [], span: openSpan(index), bytes: this.#emptyBytes };
    this.#open.points.push(point);
    this.#open.indices.push(index);
    this.#open.bytes += sizeAlone - this.#emptyBytes;
  }

  /** Takes the open batch out; undefined when it is empty. */
  take(): Batch | undefined {
    const batch = this.#open;
    this.#open = undefined;
    return batch;
  }

  /**
   * Learns that a request of that size was refused: the limit is below. Half of it
   * is above half of the limit, so this is learnt only a few times.
   */
  refused(bytes: number): void {
    this.#maxBytes = Math.min(this.#maxBytes, Math.floor(bytes / 2));
  }
}
