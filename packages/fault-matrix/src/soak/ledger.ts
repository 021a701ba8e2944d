import assert from "node:assert/strict";
import { type VectronClient, VectronError } from "@vectron/core";

/** What is known of something that calls were made about. */
type State = "there" | "gone" | "unknown";

/** Errors that faults of the network and of the server's life explain. */
const EXPLAINED = ["UnavailableError", "DeadlineExceededError"];

/** What the calls of a run were told, and so what must be so in the end. */
export class Ledger {
  readonly collection: string;
  readonly #points = new Map<string, State>();
  readonly #collections = new Map<string, State>();
  /** How many calls ended in which way. */
  readonly ends = new Map<string, number>();

  constructor(collection: string) {
    this.collection = collection;
  }

  /** The points that must be there, and that nobody has begun to delete. */
  get points(): readonly string[] {
    return [...this.#points].flatMap(([id, state]) => (state === "there" ? [id] : []));
  }

  /** Notes how a call ended, and what follows for what it was about. */
  async note(
    work: Promise<unknown>,
    about?: { readonly kind: "point" | "collection"; readonly name: string; readonly done: State },
  ): Promise<void> {
    const states = about?.kind === "point" ? this.#points : this.#collections;
    if (about !== undefined) states.set(about.name, "unknown");
    try {
      await work;
      if (about !== undefined) states.set(about.name, about.done);
      this.#count("ok");
    } catch (error) {
      assert.ok(error instanceof VectronError, `not an error of ours: ${error}`);
      assert.ok(EXPLAINED.includes(error.name), `no fault explains this: ${error.stack}`);
      const unsent = error.attempts.every(({ requestSent }) => requestSent === "no");
      if (about?.done === "there" && unsent) states.set(about.name, "gone");
      this.#count(error.name);
    }
  }

  /** Compares it all with what a server has. */
  async check(client: VectronClient): Promise<void> {
    const there = new Set(await client.listCollections());
    for (const [name, state] of this.#collections) {
      if (state !== "unknown") assert.equal(there.has(name), state === "there", `${name} should be ${state}`);
    }
    const ids = [...this.#points.keys()];
    const found = await client.getMany(this.collection, ids);
    for (const [index, id] of ids.entries()) {
      const state = this.#points.get(id);
      const point = found[index];
      if (state !== "unknown")
        assert.equal(point !== undefined, state === "there", `${id} should be ${state}`);
      if (point !== undefined) assert.equal(point.payload.id, id);
    }
  }

  #count(end: string): void {
    this.ends.set(end, (this.ends.get(end) ?? 0) + 1);
  }
}
