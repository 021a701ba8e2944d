/** From here on the map is split: below it, one map is smaller and never stalls. */
const SPLIT_SIZE = 16_384;
const SHARDS = 256;
/** Enough characters to spread ids that have much in common. */
const HASHED_CHARS = 24;

/**
 * A number for each id. A large `Map` stalls when it grows (100 ms at a million
 * entries) and ends at 16.7 million; many small ones grow one at a time.
 */
export class IdMap {
  #shards: readonly Map<string, number>[] = [new Map()];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: string): number | undefined {
    return this.#shardOf(id).get(id);
  }

  /** Sets the number of an id; false when it had one, which is replaced. */
  set(id: string, value: number): boolean {
    const shard = this.#shardOf(id);
    const before = shard.size;
    shard.set(id, value);
    if (shard.size === before) return false;
    this.#size += 1;
    if (this.#size === SPLIT_SIZE && this.#shards.length === 1) this.#split();
    return true;
  }

  delete(id: string): boolean {
    const isFound = this.#shardOf(id).delete(id);
    if (isFound) this.#size -= 1;
    return isFound;
  }

  *values(): Generator<number> {
    for (const shard of this.#shards) yield* shard.values();
  }

  #shardOf(id: string): Map<string, number> {
    const shards = this.#shards;
    return shards.length === 1 ? shards[0]! : shards[hash(id) % SHARDS]!;
  }

  #split(): void {
    const [whole] = this.#shards;
    this.#shards = Array.from({ length: SHARDS }, () => new Map<string, number>());
    for (const [id, value] of whole!) this.#shardOf(id).set(id, value);
  }
}

/** FNV-1a of the first and the last characters. */
function hash(id: string): number {
  let value = 0x811c_9dc5;
  const head = Math.min(id.length, HASHED_CHARS);
  for (let i = 0; i < head; i++) value = Math.imul(value ^ id.charCodeAt(i), 0x0100_0193);
  for (let i = Math.max(head, id.length - HASHED_CHARS); i < id.length; i++) {
    value = Math.imul(value ^ id.charCodeAt(i), 0x0100_0193);
  }
  return (value ^ (value >>> 15)) >>> 0;
}
