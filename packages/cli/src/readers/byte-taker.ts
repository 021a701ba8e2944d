/** Takes bytes from chunks in pieces of any size. */
export class ByteTaker {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes: fewer than asked for only at the end. */
  async take(length: number): Promise<Buffer> {
    if (this.#held.length < length && !this.#ended) await this.#gather(length);
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  async #gather(length: number): Promise<void> {
    const parts = [this.#held];
    let held = this.#held.length;
    while (held < length) {
      const { done, value } = await this.#chunks.next();
      if (done) {
        this.#ended = true;
        break;
      }
      parts.push(value);
      held += value.length;
    }
    this.#held = Buffer.concat(parts);
  }
}
