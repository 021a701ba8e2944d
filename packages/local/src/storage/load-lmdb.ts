import { loadOptional } from "../server/load-optional.ts";

/** The part of the optional, native dependency that is used; loaded when a directory is opened. */
export type Lmdb = Pick<typeof import("lmdb"), "open">;

/** @throws Error that says what to install, when it is not there */
export function loadLmdb(): Promise<Lmdb> {
  return loadOptional(() => import("lmdb"), "a directory (the option path)", ["lmdb"]);
}
