import type { BenchPoint } from "../data/points.ts";
import type { BenchCodec } from "./bench-codec.ts";
import { vectronCodec } from "./vectron-codec.ts";

/** Copies finished bytes into fresh memory: the least that any encoder can do. */
export const memcpyFreshCodec: BenchCodec = {
  prepareUpsert(points) {
    const bytes = vectronCodec.prepareUpsert(points)() as Uint8Array;
    return () => bytes.slice();
  },
  prepareSearchReply(reply) {
    const results = vectronCodec.prepareSearchReply(reply)();
    return () => {
      reply.slice();
      return results;
    };
  },
};

/** Copies finished bytes into memory that is used again. */
export const memcpyLentCodec: BenchCodec = {
  ...memcpyFreshCodec,
  prepareUpsert(points) {
    const bytes = vectronCodec.prepareUpsert(points)() as Uint8Array;
    const memory = new Uint8Array(bytes.byteLength);
    return () => {
      memory.set(bytes);
      return memory;
    };
  },
};

/**
 * Copies the vectors alone, each from where it lies to its place in memory that
 * is used again: what no encoder that starts from points can do without.
 */
export const copyVectorsCodec: BenchCodec = {
  ...memcpyFreshCodec,
  prepareUpsert(points) {
    const bytes = vectronCodec.prepareUpsert(points)() as Uint8Array;
    const memory = bytes.slice();
    const placed = placesOf(points, bytes);
    return () => {
      for (const { vector, place } of placed) memory.set(bytesOf(vector), place);
      return memory;
    };
  },
};

function placesOf(points: readonly BenchPoint[], bytes: Uint8Array) {
  const request = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  return points.map(({ vector }) => {
    const place = request.indexOf(bytesOf(vector), end);
    end = place + vector.byteLength;
    return { vector, place };
  });
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
