import type { Point } from "../gen/vectron/v1/messages.ts";

/**
 * The ids of the batches that are under way. A batch that shares an id with one
 * of them waits, so that of two records with one id the later is also the later
 * to be written, however often the earlier one is sent again.
 */
export class IdsInFlight {
  readonly #ids = new Set<string>();

  hasAnyOf(points: readonly Point[]): boolean {
    for (const { id } of points) {
      if (this.#ids.has(id)) return true;
    }
    return false;
  }

  add(points: readonly Point[]): void {
    for (const { id } of points) this.#ids.add(id);
  }

  remove(points: readonly Point[]): void {
    for (const { id } of points) this.#ids.delete(id);
  }
}
