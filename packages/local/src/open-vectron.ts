import { type ClientOptions, InvalidArgumentError } from "@vectron/core";
import {
  createEmbeddedClient,
  type EmbeddedClient,
  type EmbeddedClientOptions,
} from "./client/embedded-client.ts";
import { openEngine } from "./storage/open-engine.ts";
import type { StorageOptions } from "./storage/storage-options.ts";

/** Options of `openVectron`. */
export type OpenOptions = EmbeddedClientOptions & StorageOptions;

/**
 * Opens an embedded engine, which keeps its collections in the directory `path`
 * or, without one, in memory only, and resolves to its client. What a directory
 * needs beyond this package, `lmdb`, is loaded now.
 *
 * @example
 * const client = await openVectron({ path: "./data" });
 *
 * @throws InvalidArgumentError for an option that is wrong or not known
 * @throws FailedPreconditionError when another process has the directory open
 * (the message names it), when a newer version wrote it, or when it is no directory
 * of Vectron
 * @throws DataLossError when what the directory holds is damaged; the message
 * names the file and, as far as they can be read, the collection and the point
 * @throws PermissionDeniedError when the directory cannot be written to
 */
export async function openVectron(options: OpenOptions = {}): Promise<EmbeddedClient> {
  const { path, durability, ...clientOptions } = requireOptions(options);
  const engine = await openEngine({ path, durability }, clientOptions.logger);
  try {
    return createEmbeddedClient(engine, path ?? "memory", clientOptions);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function requireOptions<T extends ClientOptions>(options: T): T {
  if (typeof options === "object" && options !== null) return options;
  throw new InvalidArgumentError(`options must be an object, got ${String(options)}`);
}
