const FIRST_SLOTS = 1_024;
const EMPTY = 0;

/**
 * The ids of the batches that are under way, by their hashes. A batch that shares
 * an id with one of them waits, so that of two records with one id the later is
 * also the later to be written, however often the earlier one is sent again. Ids
 * that only share a hash wait as well: one in 2,000,000 with 2,000 under way.
 *
 * Not a `Set` of ids: V8 leaves a trail of old tables behind a long-lived set that
 * changes all the time, each of which leads to the next, and so keeps every id
 * that was ever in it until the next full collection of garbage.
 */
export class IdsInFlight {
  /** Hashes, each in the first free slot from its own on; as many again are empty. */
  #slots = new Int32Array(FIRST_SLOTS);
  #size = 0;

  /** Adds the ids of a batch, which may repeat themselves; returns false, and adds none, when one of them is there. */
  add(hashes: readonly number[]): boolean {
    for (const hash of hashes) {
      if (this.#slots[this.#find(hash)] === hash) return false;
    }
    for (const hash of hashes) this.#addOne(hash);
    return true;
  }

  /** Removes the ids of a batch that was added. */
  remove(hashes: readonly number[]): void {
    for (const hash of hashes) this.#removeOne(hash);
  }

  /** The slot that a hash is in, or would be in. */
  #find(hash: number): number {
    const slots = this.#slots;
    const last = slots.length - 1;
    let slot = hash & last;
    while (slots[slot] !== hash && slots[slot] !== EMPTY) slot = (slot + 1) & last;
    return slot;
  }

  #addOne(hash: number): void {
    const slot = this.#find(hash);
    if (this.#slots[slot] === hash) return;
    this.#slots[slot] = hash;
    if (++this.#size * 2 > this.#slots.length) this.#grow();
  }

  #removeOne(hash: number): void {
    const slots = this.#slots;
    const last = slots.length - 1;
    let gap = this.#find(hash);
    if (slots[gap] === EMPTY) return;
    this.#size--;
    // What comes behind moves up, unless that is before its own slot: no search may meet a gap too early.
    for (let slot = (gap + 1) & last; slots[slot] !== EMPTY; slot = (slot + 1) & last) {
      const own = (slots[slot] as number) & last;
      if (((slot - own) & last) < ((slot - gap) & last)) continue;
      slots[gap] = slots[slot] as number;
      gap = slot;
    }
    slots[gap] = EMPTY;
  }

  #grow(): void {
    const full = this.#slots;
    this.#slots = new Int32Array(full.length * 2);
    for (const hash of full) {
      if (hash !== EMPTY) this.#slots[this.#find(hash)] = hash;
    }
  }
}

/** FNV-1a over the UTF-16 units of an id, well mixed; never 0. */
export function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  // FNV's low bits mix badly, and they choose the slot.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash | 0 || 1;
}
