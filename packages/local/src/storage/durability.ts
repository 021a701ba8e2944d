/**
 * What an acknowledged write has survived:
 *
 * - `sync`: a power failure. It is on the disk, as far as the system can tell.
 * - `relaxed`: the end of the process, however it ends. A power failure, or a
 *   crash of the system, can undo the last commit, that is the batches that were
 *   written together last; all before it is there, and the directory is whole.
 */
export type Durability = "sync" | "relaxed";

export const DURABILITIES: readonly Durability[] = ["sync", "relaxed"];
