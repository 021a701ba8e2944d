/** A small, fast, seeded source of randomness (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % end;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

/** Bytes that decide something in an encoding: tags, lengths, ends of varints. */
const TELLING_BYTES = [0, 1, 2, 4, 5, 8, 10, 0x12, 0x15, 0x1a, 0x22, 0x2b, 0x2c, 0x7f, 0x80, 0xff];

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => replace(bytes, random.below(bytes.length), 1, [random.below(256)]),
  (bytes, random) => replace(bytes, random.below(bytes.length), 1, [random.pick(TELLING_BYTES)]),
  function flipBit(bytes, random) {
    const at = random.below(bytes.length);
    return replace(bytes, at, 1, [(bytes[at] ?? 0) ^ (1 << random.below(8))]);
  },
  (bytes, random) => replace(bytes, random.below(bytes.length + 1), 0, [random.pick(TELLING_BYTES)]),
  (bytes, random) => replace(bytes, random.below(bytes.length), 1 + random.below(4), []),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  function repeatPart(bytes, random) {
    const start = random.below(bytes.length);
    const part = bytes.subarray(start, start + 1 + random.below(12));
    return replace(bytes, random.below(bytes.length + 1), 0, part);
  },
  function lengthenVarint(bytes, random) {
    const at = random.below(bytes.length);
    const padding = Array<number>(1 + random.below(10)).fill(0x80);
    return replace(bytes, at, 1, [(bytes[at] ?? 0) | 0x80, ...padding, random.below(2)]);
  },
  (bytes, _random, other) => replace(bytes, bytes.length, 0, other),
  (bytes, random, other) => replace(bytes, random.below(bytes.length + 1), 0, other),
];

/** Damages an encoding in one to four places; `other` is a second one to splice in. */
export function mutate(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  let mutated = bytes;
  for (let left = 1 + random.below(4); left > 0 && mutated.length > 0; left--) {
    mutated = random.pick(MUTATIONS)(mutated, random, other);
  }
  return mutated;
}

function replace(bytes: Uint8Array, at: number, count: number, by: ArrayLike<number>): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...Array.from(by), ...bytes.subarray(at + count)]);
}
