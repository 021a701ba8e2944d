import { CancelledError, InvalidArgumentError, NotFoundError } from "@vectron/core";
import type { Collection } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import { INDEX_TIERS, type IndexOptions, type IndexStatus } from "../engine/index-options.ts";

const MOST_LINKS = 512;
const MOST_CANDIDATES = 100_000;

/** What each option that is a number may be. */
const RANGES = {
  thresholdPoints: [1, Number.MAX_SAFE_INTEGER],
  efSearch: [1, MOST_CANDIDATES],
  efConstruction: [1, MOST_CANDIDATES],
  connectivity: [2, MOST_LINKS],
} as const;

/** The calls about the indexes of an engine, with the errors of a client. */
export class IndexAdmin {
  readonly #engine: Engine;
  #isClosed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async setIndexOptions(collection: string, options: IndexOptions): Promise<void> {
    this.#refuseClosed();
    const checked = checkIndexOptions(options);
    if (!(await this.#engine.setIndexOptions(collection, checked))) throw notFound(collection);
  }

  async indexStatus(collection: string): Promise<IndexStatus> {
    return this.#collection(collection).indexStatus();
  }

  async waitUntilIndexed(collection: string): Promise<IndexStatus> {
    const waiting = this.#collection(collection);
    await waiting.indexed();
    this.#refuseClosed();
    return waiting.indexStatus();
  }

  /** What is under way ends with `CancelledError`. */
  close(): void {
    this.#isClosed = true;
  }

  #collection(name: string): Collection {
    this.#refuseClosed();
    const collection = this.#engine.collection(name);
    if (collection === undefined) throw notFound(name);
    return collection;
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new CancelledError("the client is closed");
  }
}

function checkIndexOptions(options: IndexOptions): IndexOptions {
  if (typeof options !== "object" || options === null) {
    throw new InvalidArgumentError(`options must be an object, got ${String(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (name === "tier") checkTier(value);
    else if (Object.hasOwn(RANGES, name)) checkNumber(name as keyof typeof RANGES, value);
    else throw new InvalidArgumentError(`${name} is not an option of an index`);
  }
  return { ...options };
}

function checkTier(tier: unknown): void {
  if (INDEX_TIERS.some((name) => name === tier)) return;
  const names = INDEX_TIERS.map((name) => `"${name}"`).join(", ");
  throw new InvalidArgumentError(`tier must be one of ${names}, got ${JSON.stringify(tier)}`);
}

function checkNumber(name: keyof typeof RANGES, value: unknown): void {
  const [least, most] = RANGES[name];
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return;
  const got = typeof value === "number" ? String(value) : JSON.stringify(value);
  throw new InvalidArgumentError(`${name} must be a whole number from ${least} to ${most}, got ${got}`);
}

function notFound(collection: string): NotFoundError {
  return new NotFoundError(`collection '${collection}' not found`);
}
