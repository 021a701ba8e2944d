import { access, constants, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { EngineStore } from "../engine/store.ts";
import { checkFormat, writeFormat } from "./directory-format.ts";
import { DirectoryLock } from "./directory-lock.ts";
import type { Durability } from "./durability.ts";
import { requireRoom } from "./free-room.ts";
import { LmdbFile } from "./lmdb-file.ts";
import { LmdbStore } from "./lmdb-store.ts";
import { loadLmdb } from "./load-lmdb.ts";
import { systemFailure } from "./storage-errors.ts";
import { syncDirectory } from "./sync-directory.ts";

/**
 * Opens a directory of collections, or makes it.
 *
 * @throws FailedPreconditionError when another process has it open, when it is of
 * a newer version, or is something else
 * @throws DataLossError when what it holds is damaged
 * @throws PermissionDeniedError when it cannot be written to
 * @throws ResourceExhaustedError when there is no room to make it
 */
export async function openDirectory(path: string, durability: Durability): Promise<EngineStore> {
  const lmdb = await loadLmdb();
  const directory = resolve(path);
  await makeDirectory(directory);
  await checkFormat(directory);
  requireRoom(directory);
  const lock = await DirectoryLock.acquire(lmdb, directory);
  try {
    // Whoever had the lock before may have made the directory since.
    const isNew = !(await checkFormat(directory));
    const file = await LmdbFile.open(lmdb, directory, { durability, isNew });
    if (isNew) await markOrClose(directory, file);
    return new LmdbStore(file, lock, join(directory, "index"));
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function markOrClose(directory: string, file: LmdbFile): Promise<void> {
  try {
    await writeFormat(directory);
  } catch (error) {
    await file.close();
    throw systemFailure(`cannot write to the directory ${directory}`, error);
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    const made = await mkdir(directory, { recursive: true });
    if (made !== undefined) await syncDirectory(dirname(made));
    await access(directory, constants.W_OK);
  } catch (error) {
    throw systemFailure(`cannot use the directory ${directory}`, error);
  }
}
