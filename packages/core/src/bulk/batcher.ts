import type { Point } from "../gen/vectron/v1/messages.ts";
import { BatchBuffer, requestHead } from "./batch-buffer.ts";
import { BatchMemory } from "./batch-memory.ts";
import { hashOf } from "./ids-in-flight.ts";
import type { Span } from "./settled-prefix.ts";

/** Records that are sent in one request. */
export interface Batch {
  readonly buffer: BatchBuffer;
  /** Of the ids, for `IdsInFlight`. */
  readonly hashes: number[];
  /** The place of each record in the source, ascending. */
  readonly indices: number[];
  readonly span: Span;
}

/** How large batches may be. */
export interface BatchLimits {
  readonly maxPoints: number;
  /** In protobuf bytes. */
  readonly maxBytes: number;
}

/** A record that is to join a batch. */
export interface NewRecord {
  readonly point: Point;
  /** Its place in the source. */
  readonly index: number;
  /** What `recordSize` says. */
  readonly size: number;
}

/** Gathers records into batches by count and by exact encoded size. */
export class Batcher {
  readonly #maxPoints: number;
  readonly #head: Uint8Array<ArrayBuffer>;
  readonly #memory: BatchMemory;
  #maxBytes: number;
  #open: Batch | undefined;

  constructor(collection: string, { maxPoints, maxBytes }: BatchLimits) {
    this.#maxPoints = maxPoints;
    this.#maxBytes = maxBytes;
    this.#head = requestHead(collection);
    this.#memory = new BatchMemory(maxBytes);
  }

  /** Whether the open batch can take no further record. */
  get full(): boolean {
    return this.#open !== undefined && this.#open.buffer.records >= this.#maxPoints;
  }

  /** The size of a request that holds one record alone. */
  sizeAlone(size: number): number {
    return this.#head.byteLength + size;
  }

  /**
   * Adds a record to the open batch. Where that would make it too large, the record
   * opens another, and the one before is returned. An empty batch takes any record.
   *
   * @param openSpan - begins the span of a batch whose first record this is
   * @throws Error when the record gives other values each time it is read; it is left out
   */
  add({ point, index, size }: NewRecord, openSpan: (index: number) => Span): Batch | undefined {
    const open = this.#open;
    const fits = open !== undefined && open.buffer.byteLength + size <= this.#maxBytes;
    const buffer = fits ? open.buffer : new BatchBuffer(this.#memory, this.#head, size);
    buffer.add(point, size);
    const batch = fits ? open : { buffer, hashes: [], indices: [], span: openSpan(index) };
    batch.hashes.push(hashOf(point.id));
    batch.indices.push(index);
    this.#open = batch;
    return fits ? undefined : open;
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
