import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** What a file is known by again. */
export interface Fingerprint {
  readonly file: string;
  readonly bytes: number;
  /** When it was last written to, in milliseconds since 1970. */
  readonly modifiedMs: number;
  /** SHA-256 of its first and its last 64 KiB. */
  readonly sha256: string;
}

const SAMPLE_BYTES = 65_536;

/** Reads no more than the ends of a file, however large it is. */
export function fingerprint(path: string): Fingerprint {
  const file = openSync(path, "r");
  try {
    const { size, mtimeMs } = fstatSync(file);
    const sample = Buffer.alloc(SAMPLE_BYTES);
    const hash = createHash("sha256");
    for (const at of [0, Math.max(0, size - SAMPLE_BYTES)]) {
      hash.update(sample.subarray(0, readSync(file, sample, 0, SAMPLE_BYTES, at)));
    }
    return { file: path, bytes: size, modifiedMs: Math.floor(mtimeMs), sha256: hash.digest("hex") };
  } finally {
    closeSync(file);
  }
}

/** What is different about a file; undefined when it is the same. */
export function difference(before: Fingerprint, now: Fingerprint): string | undefined {
  if (before.file !== now.file) return `it was ${before.file}`;
  if (before.bytes !== now.bytes) return `it had ${before.bytes} bytes and now has ${now.bytes}`;
  if (before.sha256 !== now.sha256) return "its contents are others";
  if (before.modifiedMs !== now.modifiedMs) {
    return `it was written to at ${new Date(now.modifiedMs).toISOString()}`;
  }
  return undefined;
}
