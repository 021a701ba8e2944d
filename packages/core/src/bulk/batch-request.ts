import type { Point, UpsertRequest } from "../gen/vectron/v1/messages.ts";
import { EncodedMessage } from "../wire/binary/encoded-message.ts";
import type { BatchBuffer, Range } from "./batch-buffer.ts";

/**
 * A request whose records are encoded already. A transport that sends protobuf
 * sends those bytes; for another one the records are decoded when it reads them.
 * A copy of it, such as `{ ...request }`, is a plain message.
 */
export class BatchRequest extends EncodedMessage implements UpsertRequest {
  readonly collection: string;
  declare readonly points: Point[];
  readonly #buffer: BatchBuffer;
  readonly #range: Range;
  #encoding: Uint8Array<ArrayBuffer> | undefined;
  #points: Point[] | undefined;
  #released = false;

  constructor(collection: string, buffer: BatchBuffer, range: Range) {
    super();
    this.collection = collection;
    this.#buffer = buffer;
    this.#range = range;
    Object.defineProperty(this, "points", { enumerable: true, get: () => this.#read() });
  }

  override get encoding(): Uint8Array<ArrayBuffer> {
    this.#encoding ??= this.#buffer.request(this.#range);
    return this.#encoding;
  }

  /**
   * Tells that the request was answered. Returns whether its memory may be used for
   * something else: who has neither read the records nor sent the bytes may have
   * kept the request, to read it later.
   */
  release(): boolean {
    this.#released = this.#encoding !== undefined || this.#points !== undefined;
    return this.#released;
  }

  #read(): Point[] {
    if (this.#points === undefined && this.#released)
      throw new Error("the records of a bulk request can be read while it lasts: keep a copy of the message");
    this.#points ??= this.#buffer.read(this.#range);
    return this.#points;
  }
}
