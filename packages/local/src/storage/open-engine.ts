import type { Logger } from "@vectron/core";
import { Engine, type EngineOptions } from "../engine/engine.ts";
import { GraphHost } from "../hnsw/graph-host.ts";
import { createTieredIndex } from "../hnsw/tiered-index.ts";
import { checkStorageOptions, type StorageOptions } from "./storage-options.ts";

/**
 * An engine on a directory, with what it holds; in memory without one.
 *
 * @param logger - told when something optional is missing
 */
export async function openEngine(options: StorageOptions, logger?: Logger): Promise<Engine> {
  checkStorageOptions(options);
  const { path, durability = "sync" } = options;
  const host = new GraphHost(logger);
  const shared: EngineOptions = { createIndex: createTieredIndex(host), onClose: () => host.close() };
  if (path === undefined) return new Engine(shared);
  const { openDirectory } = await import("./open-directory.ts");
  const engine = new Engine({ ...shared, store: await openDirectory(path, durability) });
  try {
    await engine.load();
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
