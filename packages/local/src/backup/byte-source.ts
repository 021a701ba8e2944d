import { truncatedExport } from "./export-errors.ts";

/** Takes pieces of bytes as they come, and gives them out as they are asked for. */
export class ByteSource {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #isOver = false;
  #position = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** How many bytes have been taken. */
  get position(): number {
    return this.#position;
  }

  /** The next `length` bytes, which stay in place. Fewer when there are no more. */
  async peek(length: number): Promise<Uint8Array> {
    await this.#fill(length);
    return this.#held.subarray(0, length);
  }

  /** @throws DataLossError when there are not so many */
  async take(length: number): Promise<Uint8Array> {
    await this.#fill(length);
    if (this.#held.length < length) throw truncatedExport(this.#position + this.#held.length);
    return this.#advance(length);
  }

  /** The bytes before the next line feed, which is taken with them; undefined at the end. */
  async takeLine(maxBytes: number): Promise<Uint8Array | undefined> {
    let searched = 0;
    for (;;) {
      const end = this.#held.indexOf(LINE_FEED, searched);
      if (end >= 0) return this.#advance(end + 1).subarray(0, end);
      searched = this.#held.length;
      if (searched > maxBytes || !(await this.#fill(searched + 1))) break;
    }
    if (this.#held.length === 0) return undefined;
    throw truncatedExport(this.#position + this.#held.length);
  }

  /** Tells where the pieces come from that no more are wanted. */
  async close(): Promise<void> {
    if (!this.#isOver) await this.#pieces.return?.();
  }

  #advance(length: number): Uint8Array {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    this.#position += length;
    return taken;
  }

  async #fill(length: number): Promise<boolean> {
    const pieces = [this.#held];
    let total = this.#held.length;
    while (total < length && !this.#isOver) {
      const next = await this.#pieces.next();
      if (next.done === true) this.#isOver = true;
      else {
        pieces.push(next.value);
        total += next.value.length;
      }
    }
    if (pieces.length > 1) this.#held = join(pieces, total);
    return total >= length;
  }
}

const LINE_FEED = 0x0a;

function join(pieces: readonly Uint8Array[], total: number): Uint8Array {
  const joined = new Uint8Array(total);
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
