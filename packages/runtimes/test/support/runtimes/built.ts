import { fileURLToPath } from "node:url";

/** A file or folder of what this package's build made. */
export function built(path: string): string {
  return fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));
}
