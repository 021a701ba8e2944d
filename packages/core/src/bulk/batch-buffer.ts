import { emptyPoint, readPoint, writeUpsertRequest } from "../gen/vectron/v1/binary.ts";
import type { Point, UpsertRequest } from "../gen/vectron/v1/messages.ts";
import { sizeUpsertRequest } from "../gen/vectron/v1/size.ts";
import { encode, encodeInto, type MessageEncoder } from "../wire/binary/encode.ts";
import { readerOf, readNested, readTag } from "../wire/binary/reader.ts";
import type { BatchMemory } from "./batch-memory.ts";

/** Some of a request's records: from the first, up to and without the second. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * What a request says before its records: the collection. Protobuf messages that
 * are written one behind the other are one message with the fields of all, so a
 * request is its head and, behind it, a request of one record for each.
 */
export function requestHead(collection: string): Uint8Array<ArrayBuffer> {
  return encode(UPSERT_REQUEST, { collection, points: [] });
}

const UPSERT_REQUEST: MessageEncoder<UpsertRequest> = { size: sizeUpsertRequest, write: writeUpsertRequest };

/** How many bytes a record adds to a request. Exact. */
export function recordSize(point: Point): number {
  return sizeUpsertRequest({ collection: "", points: [point] });
}

/** A request that is written record by record, as each of them comes. */
export class BatchBuffer {
  readonly #memory: BatchMemory;
  readonly #head: Uint8Array<ArrayBuffer>;
  /** Where each record ends. */
  readonly #ends: number[] = [];
  #bytes: Uint8Array<ArrayBuffer>;

  /** @param size - of the first record */
  constructor(memory: BatchMemory, head: Uint8Array<ArrayBuffer>, size: number) {
    this.#memory = memory;
    this.#head = head;
    this.#bytes = memory.take(head.byteLength + size);
    this.#bytes.set(head);
  }

  /** How many records it holds. */
  get records(): number {
    return this.#ends.length;
  }

  /** Size of the request. */
  get byteLength(): number {
    return this.#ends.at(-1) ?? this.#head.byteLength;
  }

  /**
   * Writes a record behind the others. Of it nothing else is kept, so that a source
   * may use its memory again.
   *
   * @param size - what `recordSize` says
   * @throws Error when the record gives other values each time it is read, and leaves it out
   */
  add(point: Point, size: number): void {
    const start = this.byteLength;
    const end = start + size;
    if (end > this.#bytes.byteLength) this.#bytes = this.#memory.grow(this.#bytes, end);
    // Its own part of the memory: whatever the record does, the others stay as they are.
    const part = this.#bytes.subarray(start, end);
    try {
      encodeInto(UPSERT_REQUEST, { collection: "", points: [point] }, part);
    } catch (cause) {
      throw new Error("the record changed while it was encoded", { cause });
    }
    this.#ends.push(end);
  }

  /** A request of some of the records: the memory itself for all of them, a copy for fewer. */
  request({ from, to }: Range): Uint8Array<ArrayBuffer> {
    if (from === 0 && to === this.records) return this.#bytes.subarray(0, this.byteLength);
    const head = this.#head.byteLength;
    const part = new Uint8Array(this.sizeOf({ from, to }));
    part.set(this.#head);
    part.set(this.#bytes.subarray(this.#start(from), this.#start(to)), head);
    return part;
  }

  /** Size of a request of some of the records. */
  sizeOf({ from, to }: Range): number {
    return this.#head.byteLength + this.#start(to) - this.#start(from);
  }

  /** Some of the records, as they were encoded. */
  read({ from, to }: Range): Point[] {
    const reader = readerOf(this.#bytes.subarray(this.#start(from), this.#start(to)));
    const points: Point[] = [];
    while (reader.pos < reader.limit) {
      readTag(reader);
      points.push(readNested(reader, readPoint, emptyPoint()));
    }
    return points;
  }

  /** Gives the memory back. Nothing may be read any more, nor be reading it. */
  release(): void {
    this.#memory.giveBack(this.#bytes);
  }

  #start(record: number): number {
    return record === 0 ? this.#head.byteLength : (this.#ends[record - 1] as number);
  }
}
