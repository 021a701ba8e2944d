import { createReadStream, statSync } from "node:fs";
import { gunzip, isGzip } from "./gunzip.ts";

const CHUNK_BYTES = 262_144;
const SNIFFED_BYTES = 8;

/** The bytes of a file or of standard input, unpacked if they are gzip. */
export class ByteInput {
  readonly name: string;
  readonly #size: number | undefined;
  readonly #stream: NodeJS.ReadableStream & { destroy(): void };
  #read = 0;

  /** @param path - `-` is standard input */
  constructor(path: string) {
    this.name = path === "-" ? "standard input" : path;
    this.#size = path === "-" ? undefined : statSync(path).size;
    this.#stream = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  }

  /** How much has been read, from 0 to 1; undefined where the size is not known. */
  get fraction(): number | undefined {
    if (this.#size === undefined) return undefined;
    return this.#size === 0 ? 1 : Math.min(1, this.#read / this.#size);
  }

  /**
   * The bytes, unpacked.
   *
   * @throws GzipError for packed bytes that are damaged or end too early, once all that could be unpacked is out
   */
  async *chunks(): AsyncGenerator<Buffer> {
    const raw = this.#rawChunks();
    const head: Buffer[] = [];
    let length = 0;
    while (length < SNIFFED_BYTES) {
      const { done, value } = await raw.next();
      if (done) break;
      head.push(value);
      length += value.length;
    }
    const all = chain(head, raw);
    yield* isGzip(Buffer.concat(head)) ? gunzip(all) : all;
  }

  async close(): Promise<void> {
    this.#stream.destroy();
  }

  async *#rawChunks(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#stream) {
      const bytes = chunk as Buffer;
      this.#read += bytes.length;
      yield bytes;
    }
  }
}

async function* chain(first: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}
