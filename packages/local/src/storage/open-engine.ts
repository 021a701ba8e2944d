import { Engine } from "../engine/engine.ts";
import { createScanIndex } from "../scan/scan-index.ts";
import { checkStorageOptions, type StorageOptions } from "./storage-options.ts";

/** An engine on a directory, with what it holds; in memory without one. */
export async function openEngine(options: StorageOptions): Promise<Engine> {
  checkStorageOptions(options);
  const { path, durability = "sync" } = options;
  if (path === undefined) return new Engine({ createIndex: createScanIndex });
  const { openDirectory } = await import("./open-directory.ts");
  const engine = new Engine({ createIndex: createScanIndex, store: await openDirectory(path, durability) });
  try {
    await engine.load();
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
