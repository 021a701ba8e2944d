import {
  type CallOptions,
  CancelledError,
  type ClientOptions,
  InvalidArgumentError,
  type SearchQuery,
  type SearchResult,
  VectronClient,
} from "@vectron/core";
import { Backup, type ExportOptions, type ImportOptions } from "../backup/backup.ts";
import type { ImportedCollection } from "../backup/import-collection.ts";
import type { Engine } from "../engine/engine.ts";
import type { IndexOptions, IndexStatus } from "../engine/index-options.ts";
import type { VectronHandlers } from "../service/handlers.ts";
import { exactSearchHandler } from "../service/search-handlers.ts";
import { vectronHandlers } from "../service/vectron-service.ts";
import { InProcessTransport } from "../transport/in-process-transport.ts";
import { IndexAdmin } from "./index-admin.ts";

/** The options of an embedded client: those of every client, save the token, which nobody would check. */
export type EmbeddedClientOptions = Omit<ClientOptions, "apiKey" | "auth">;

/** What an embedded engine can do and no server offers. */
export interface EmbeddedEngine {
  /**
   * Another client of the same engine, with options of its own: a process can have a directory open only once. Closing
   * it leaves the engine open; the client that opened the engine closes them all.
   *
   * @throws InvalidArgumentError for an option that is wrong or not known
   * @throws CancelledError when the client that opened the engine is closed
   */
  connect(options?: EmbeddedClientOptions): VectronClient;
  /**
   * Searches every point, whatever the index of the collection: what `search`
   * would return if it never approximated.
   */
  searchExact(collection: string, query: SearchQuery, options?: CallOptions): Promise<SearchResult[]>;
  /**
   * Changes how a collection is searched, for good: in a directory it is kept. What
   * is not given has its default. Searches go on meanwhile; what has to be built is
   * built in the background.
   *
   * @throws InvalidArgumentError for an option that is wrong or not known
   * @throws NotFoundError when there is no such collection
   */
  setIndexOptions(collection: string, options: IndexOptions): Promise<void>;
  /**
   * What the index of a collection is doing now.
   *
   * @throws NotFoundError when there is no such collection
   */
  indexStatus(collection: string): Promise<IndexStatus>;
  /**
   * Resolves when the index of a collection has taken in all its points; searches
   * are right before that too, and slower.
   *
   * @returns the status then
   * @throws NotFoundError when there is no such collection
   * @throws CancelledError when the client is closed
   */
  waitUntilIndexed(collection: string): Promise<IndexStatus>;
  /**
   * Writes a collection as a stream of bytes, as it is when the first of them are
   * asked for: what is written to it meanwhile is not in there. The stream ends
   * with a mark and a checksum, so that `importCollection` knows it to be whole.
   *
   * Errors come when the stream is read: `NotFoundError`, `InvalidArgumentError`.
   *
   * @example
   * import { createWriteStream } from "node:fs";
   * import { Readable } from "node:stream";
   * import { pipeline } from "node:stream/promises";
   * await pipeline(client.engine.exportCollection("docs"), createWriteStream("docs.vectron"));
   */
  exportCollection(collection: string, options?: ExportOptions): AsyncIterable<Uint8Array>;
  /**
   * Makes a new collection of what `exportCollection` wrote, in either format.
   * Readers see it, and a directory keeps it, when all of it has been read and
   * found whole; otherwise nothing of it is left.
   *
   * @returns the name of the collection and how many points it has
   * @throws AlreadyExistsError when there is a collection of that name
   * @throws DataLossError when the bytes are cut off or damaged
   * @throws FailedPreconditionError when a newer version wrote them
   */
  importCollection(bytes: AsyncIterable<Uint8Array>, options?: ImportOptions): Promise<ImportedCollection>;
}

/** A client whose engine runs in this process. */
export interface EmbeddedClient extends VectronClient {
  readonly engine: EmbeddedEngine;
}

/**
 * Makes the client of an engine, which it closes with itself.
 *
 * @param endpoint - where the data is, for errors and traces
 * @throws InvalidArgumentError for an option that is wrong or not known
 */
export function createEmbeddedClient(
  engine: Engine,
  endpoint: string,
  options: EmbeddedClientOptions,
): EmbeddedClient {
  refuseToken(options);
  return new EngineClient(engine, endpoint, options);
}

class EngineClient extends VectronClient implements EmbeddedClient {
  readonly engine: EmbeddedEngine;
  /** Makes the calls of `engine`, so that they take the same path as all others. */
  readonly #exact: VectronClient;
  readonly #backup: Backup;
  readonly #indexes: IndexAdmin;
  readonly #connected = new Set<VectronClient>();
  #isClosed = false;

  constructor(engine: Engine, endpoint: string, options: EmbeddedClientOptions) {
    const handlers = vectronHandlers(engine);
    super(new InProcessTransport({ handlers, endpoint, onClose: () => engine.close() }), options);
    const exactHandlers = { ...handlers, search: exactSearchHandler(engine) };
    this.#exact = new VectronClient(new InProcessTransport({ handlers: exactHandlers, endpoint }), options);
    this.#backup = new Backup(engine);
    this.#indexes = new IndexAdmin(engine);
    this.engine = {
      connect: (others = {}) => this.#connect(handlers, endpoint, others),
      searchExact: this.#exact.search.bind(this.#exact),
      setIndexOptions: this.#indexes.setIndexOptions.bind(this.#indexes),
      indexStatus: this.#indexes.indexStatus.bind(this.#indexes),
      waitUntilIndexed: this.#indexes.waitUntilIndexed.bind(this.#indexes),
      exportCollection: this.#backup.exportCollection.bind(this.#backup),
      importCollection: this.#backup.importCollection.bind(this.#backup),
    };
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    this.#backup.close();
    this.#indexes.close();
    const others = [...this.#connected].map((client) => client.close());
    await Promise.all([...others, this.#exact.close(), super.close()]);
  }

  #connect(handlers: VectronHandlers, endpoint: string, options: EmbeddedClientOptions): VectronClient {
    refuseToken(options);
    if (this.#isClosed) throw new CancelledError("the client is closed");
    const onClose = async () => void this.#connected.delete(client);
    const client = new VectronClient(new InProcessTransport({ handlers, endpoint, onClose }), options);
    this.#connected.add(client);
    return client;
  }
}

function refuseToken(options: ClientOptions): void {
  for (const name of ["apiKey", "auth"] as const) {
    if (options?.[name] === undefined) continue;
    throw new InvalidArgumentError(`an embedded engine checks no token: leave ${name} out of the options`);
  }
}
