import {
  type CallOptions,
  type ClientOptions,
  InvalidArgumentError,
  type SearchQuery,
  type SearchResult,
  VectronClient,
} from "@vectron/core";
import type { Engine } from "../engine/engine.ts";
import { exactSearchHandler } from "../service/search-handlers.ts";
import { vectronHandlers } from "../service/vectron-service.ts";
import { InProcessTransport } from "../transport/in-process-transport.ts";

/** The options of an embedded client: those of every client, save the token, which nobody would check. */
export type EmbeddedClientOptions = Omit<ClientOptions, "apiKey" | "auth">;

/** What an embedded engine can do and no server offers. */
export interface EmbeddedEngine {
  /**
   * Searches every point, whatever the index of the collection: what `search`
   * would return if it never approximated.
   */
  searchExact(collection: string, query: SearchQuery, options?: CallOptions): Promise<SearchResult[]>;
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

  constructor(engine: Engine, endpoint: string, options: EmbeddedClientOptions) {
    const handlers = vectronHandlers(engine);
    super(new InProcessTransport({ handlers, endpoint, onClose: () => engine.close() }), options);
    const exactHandlers = { ...handlers, search: exactSearchHandler(engine) };
    this.#exact = new VectronClient(new InProcessTransport({ handlers: exactHandlers, endpoint }), options);
    this.engine = { searchExact: this.#exact.search.bind(this.#exact) };
  }

  override async close(): Promise<void> {
    await Promise.all([this.#exact.close(), super.close()]);
  }
}

function refuseToken(options: ClientOptions): void {
  for (const name of ["apiKey", "auth"] as const) {
    if (options?.[name] === undefined) continue;
    throw new InvalidArgumentError(`an embedded engine checks no token: leave ${name} out of the options`);
  }
}
