import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemFailure } from "./storage-errors.ts";

/** What LMDB makes when a directory is opened for the first time, or without its lock files. */
const FILES = ["lock.mdb", "lock.mdb-lock", "data.mdb", "data.mdb-lock"];
/** More than they take. */
const ROOM_BYTES = 256 * 1024;

/**
 * Sees to it that there is room for the files that LMDB is about to make. It writes
 * to some of them through a memory map: where there is none, the process ends.
 *
 * @throws ResourceExhaustedError when there is no room
 * @throws PermissionDeniedError when nothing can be written to the directory
 */
export function requireRoom(directory: string): void {
  if (FILES.every((name) => existsSync(join(directory, name)))) return;
  const path = join(directory, `room-${process.pid}`);
  try {
    const file = openSync(path, "w");
    try {
      // Gone with its last use, however that ends.
      rmSync(path);
      writeFileSync(file, new Uint8Array(ROOM_BYTES));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw systemFailure(`cannot use the directory ${directory}`, error);
  }
}
