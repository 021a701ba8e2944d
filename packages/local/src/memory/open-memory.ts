import {
  createEmbeddedClient,
  type EmbeddedClient,
  type EmbeddedClientOptions,
} from "../client/embedded-client.ts";
import { Engine } from "../engine/engine.ts";
import { createScanIndex } from "../scan/scan-index.ts";

/**
 * Opens an engine that keeps everything in memory, in any runtime, and returns
 * its client. What it holds is gone when the client is closed.
 *
 * @example
 * const client = openMemory();
 * await client.createCollection({ name: "docs", dimension: 4, distance: "cosine" });
 *
 * @throws InvalidArgumentError for an option that is wrong or not known
 */
export function openMemory(options: EmbeddedClientOptions = {}): EmbeddedClient {
  return createEmbeddedClient(new Engine({ createIndex: createScanIndex }), "memory", options);
}
