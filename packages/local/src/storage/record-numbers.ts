import { IdMap } from "../engine/id-map.ts";

/** Which record of the file holds which id. Numbers are never used again, so that new points come last. */
export class RecordNumbers {
  readonly #byId = new IdMap();
  #next = 0;

  get size(): number {
    return this.#byId.size;
  }

  of(id: string): number | undefined {
    return this.#byId.get(id);
  }

  /** All numbers in use. */
  all(): Iterable<number> {
    return this.#byId.values();
  }

  /** A number that no id has had. */
  next(): number {
    return this.#next++;
  }

  /** Notes the number of an id that is read; false when another record has the id. */
  add(id: string, record: number): boolean {
    if (record >= this.#next) this.#next = record + 1;
    return this.#byId.set(id, record);
  }

  /** Gives `id` a number, or takes the one it has away from it. */
  set(id: string, record: number | undefined): void {
    if (record === undefined) {
      this.#byId.delete(id);
      return;
    }
    this.#byId.set(id, record);
    if (record >= this.#next) this.#next = record + 1;
  }
}
