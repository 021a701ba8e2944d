const LANES = 3;
const FIRST_SLOTS = 1 << 16;
const MAX_LOAD = 0.75;

/**
 * Which ids have come already, and where. Keeps 96 bits of a hash in place of
 * each id, so that millions of them fit: 27 to 53 bytes for each. Ids of equal
 * hashes are not to be expected before there are 10^14 of them.
 */
export class SeenIds {
  #hashes = new Uint32Array(FIRST_SLOTS * LANES);
  /** Where an id came; 0: a slot that is free, -1: an id that may come again. */
  #places = new Float64Array(FIRST_SLOTS);
  #used = 0;
  readonly #hash = new Uint32Array(LANES);

  /**
   * Notes that an id came.
   *
   * @param place - from 1
   * @returns where it came before; undefined for one that is new
   */
  add(id: string, place: number): number | undefined {
    hashInto(this.#hash, id);
    const slot = this.#find(this.#hash);
    const before = this.#places[slot] as number;
    if (before > 0) return before;
    this.#places[slot] = place;
    if (before === 0) {
      this.#hashes.set(this.#hash, slot * LANES);
      this.#used += 1;
      if (this.#used > this.#places.length * MAX_LOAD) this.#grow();
    }
    return undefined;
  }

  /** Lets an id come again, because what came under it was refused. */
  forget(id: string): void {
    hashInto(this.#hash, id);
    const slot = this.#find(this.#hash);
    if ((this.#places[slot] as number) > 0) this.#places[slot] = -1;
  }

  /** The slot of a hash, or the free one where it belongs. */
  #find(hash: Uint32Array): number {
    const mask = this.#places.length - 1;
    let slot = (hash[0] as number) & mask;
    while (this.#places[slot] !== 0 && !this.#holds(slot, hash)) slot = (slot + 1) & mask;
    return slot;
  }

  #holds(slot: number, hash: Uint32Array): boolean {
    const at = slot * LANES;
    const hashes = this.#hashes;
    return hashes[at] === hash[0] && hashes[at + 1] === hash[1] && hashes[at + 2] === hash[2];
  }

  #grow(): void {
    const [hashes, places] = [this.#hashes, this.#places];
    this.#hashes = new Uint32Array(hashes.length * 2);
    this.#places = new Float64Array(places.length * 2);
    for (let slot = 0; slot < places.length; slot++) {
      const place = places[slot] as number;
      if (place === 0) continue;
      const hash = hashes.subarray(slot * LANES, slot * LANES + LANES);
      const to = this.#find(hash);
      this.#hashes.set(hash, to * LANES);
      this.#places[to] = place;
    }
  }
}

/** Multipliers and seed of each lane: MurmurHash3's own for the first, those of its 128-bit form for the others. */
const CONSTANTS = [
  [0xcc9e2d51, 0x1b873593, 0x9747b28c],
  [0x239b961b, 0xab0e9789, 0x3c074a61],
  [0x38b34ae5, 0xa1e38b93, 0xdb4f0b91],
] as const;

/** MurmurHash3 of 32 bits over the UTF-16 units of a text, once for each lane. */
function hashInto(hash: Uint32Array, id: string): void {
  for (let lane = 0; lane < LANES; lane++) {
    const [c1, c2, seed] = CONSTANTS[lane] as (typeof CONSTANTS)[number];
    let h: number = seed;
    for (let i = 0; i < id.length; i++) {
      const k = Math.imul(id.charCodeAt(i), c1);
      h ^= Math.imul((k << 15) | (k >>> 17), c2);
      h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
    }
    hash[lane] = mix(h ^ id.length);
  }
}

function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
