import type { SearchRequest } from "@vectron/core/wire";

/** The shards of a collection on a stock server with default settings. */
export const SHARDS = 16;

/** The shard, from 0, that an id belongs to: shards divide the range of its hash in equal parts. */
export function shardOf(id: string): number {
  return new Fnv1a().text(id).shard();
}

/**
 * The one shard that a stock server with default settings searches: chosen by a
 * hash of the request and of a number that each gateway process draws.
 */
export function shardSearched(request: SearchRequest, seed: number): number {
  const { vector, collection, query, topK, includeVectors } = request;
  return new Fnv1a()
    .text(String(seed))
    .bytes(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
    .text(JSON.stringify([collection, query, topK, includeVectors]))
    .shard();
}

const utf8 = new TextEncoder();

/** FNV-1a with 64 bits, as two halves of 32. Its prime is 2^40 + 0x1b3. */
class Fnv1a {
  #high = 0xcbf29ce4;
  #low = 0x84222325;

  text(text: string): this {
    return this.bytes(utf8.encode(text));
  }

  bytes(bytes: Uint8Array): this {
    for (const byte of bytes) {
      const low = (this.#low ^ byte) >>> 0;
      const product = low * 0x1b3;
      const carry = Math.floor(product / 2 ** 32);
      this.#low = product >>> 0;
      this.#high = (Math.imul(this.#high, 0x1b3) + carry + (low << 8)) >>> 0;
    }
    return this;
  }

  /** With sixteen shards, the top four bits. */
  shard(): number {
    return Math.floor((this.#high / 2 ** 32) * SHARDS);
  }
}
