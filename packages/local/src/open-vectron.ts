import type { EmbeddedClient, EmbeddedClientOptions } from "./client/embedded-client.ts";
import { openMemory } from "./memory/open-memory.ts";

/**
 * Opens an embedded engine, which keeps everything in memory, and resolves to
 * its client.
 *
 * @throws InvalidArgumentError for an option that is wrong or not known
 */
export async function openVectron(options: EmbeddedClientOptions = {}): Promise<EmbeddedClient> {
  return openMemory(options);
}
