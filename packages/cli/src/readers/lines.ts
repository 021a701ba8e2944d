import { GzipError } from "./gunzip.ts";

/** Lines of bytes, without their ends. */
export interface Lines {
  readonly lines: readonly Buffer[];
  /** What ended the text before its end, after these lines. */
  readonly damage?: string;
}

const LF = 0x0a;
const CR = 0x0d;
/** Beyond any record: a vector of 65,536 components takes 2 MiB. */
const MAX_LINE_BYTES = 64 * 1_048_576;

/**
 * Parts bytes at line feeds; carriage returns before them and a byte order mark
 * at the very start are removed. A last line without an end counts, unless damage
 * has cut it short.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Lines> {
  const parter = new LineParter();
  try {
    for await (const chunk of chunks) {
      const lines = parter.add(chunk);
      if (lines.length > 0) yield { lines };
      if (parter.pendingBytes > MAX_LINE_BYTES) {
        yield {
          lines: [],
          damage: `the line is longer than ${MAX_LINE_BYTES >> 20} MiB: is this a file of lines?`,
        };
        return;
      }
    }
  } catch (error) {
    if (!(error instanceof GzipError)) throw error;
    yield { lines: [], damage: error.message };
    return;
  }
  yield { lines: parter.end() };
}

class LineParter {
  #pending: Buffer[] = [];
  #isFirst = true;
  pendingBytes = 0;

  add(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      lines.push(this.#finish(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#pending.push(chunk.subarray(start));
      this.pendingBytes += chunk.length - start;
    }
    return lines;
  }

  end(): Buffer[] {
    return this.pendingBytes === 0 ? [] : [this.#finish(Buffer.alloc(0))];
  }

  #finish(last: Buffer): Buffer {
    let line = this.pendingBytes === 0 ? last : Buffer.concat([...this.#pending, last]);
    this.#pending = [];
    this.pendingBytes = 0;
    if (this.#isFirst) line = withoutByteOrderMark(line);
    this.#isFirst = false;
    return line.at(-1) === CR ? line.subarray(0, -1) : line;
  }
}

function withoutByteOrderMark(line: Buffer): Buffer {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}
