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
