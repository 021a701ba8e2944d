import { setImmediate as turn } from "node:timers/promises";
import { createGunzip } from "node:zlib";

/** Packed bytes that are damaged, or end too early. */
export class GzipError extends Error {
  override readonly name = "GzipError";
}

/** Whether bytes are the beginning of a gzip file (RFC 1952 section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip. Unlike a piped stream, which drops what it holds when it fails,
 * it gives out all that came before the damage.
 *
 * @throws GzipError
 */
export async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacker = createGunzip();
  const unpacked: Buffer[] = [];
  let failure: Error | undefined;
  unpacker.on("data", (chunk: Buffer) => unpacked.push(chunk));
  unpacker.on("error", (error) => {
    failure = error;
  });
  try {
    for await (const chunk of packed) {
      await new Promise<void>((resolve) => unpacker.write(chunk, () => resolve()));
      await turn();
      yield* unpacked.splice(0);
      if (failure) throw damaged(failure);
    }
    const closed = new Promise<void>((resolve) => unpacker.once("close", resolve));
    unpacker.end();
    await closed;
    yield* unpacked.splice(0);
    if (failure) throw damaged(failure);
  } finally {
    unpacker.destroy();
  }
}

function damaged(cause: Error & { readonly code?: string }): GzipError {
  const isCutOff = cause.code === "Z_BUF_ERROR";
  const what = isCutOff
    ? "the gzip data ends too early: the file is cut off"
    : `the gzip data is damaged (${cause.message})`;
  return new GzipError(what, { cause });
}
