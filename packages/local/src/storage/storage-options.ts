import { InvalidArgumentError } from "@vectron/core";
import { DURABILITIES, type Durability } from "./durability.ts";

/** Where an engine keeps its collections. */
export interface StorageOptions {
  /**
   * The directory to keep collections in, made if it is not there. One process
   * can have it open at a time. Default: in memory only.
   */
  readonly path?: string | undefined;
  /**
   * What an acknowledged write has survived; only with `path`. Default `sync`:
   * a power failure. `relaxed` is faster: the end of the process; a
   * power failure can undo the writes that were committed last.
   */
  readonly durability?: Durability | undefined;
}

/** @throws InvalidArgumentError for an option that is wrong, or has no effect */
export function checkStorageOptions({ path, durability }: StorageOptions): void {
  if (path !== undefined && (typeof path !== "string" || path === "" || path.includes("\0"))) {
    throw new InvalidArgumentError(`path must be the name of a directory, got ${JSON.stringify(path)}`);
  }
  if (durability === undefined) return;
  if (!DURABILITIES.includes(durability)) {
    const names = DURABILITIES.map((name) => `"${name}"`).join(" or ");
    throw new InvalidArgumentError(`durability must be ${names}, got ${JSON.stringify(durability)}`);
  }
  if (path === undefined)
    throw new InvalidArgumentError("durability needs path: memory is lost with the process");
}
