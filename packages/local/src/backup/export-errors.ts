import { DataLossError, FailedPreconditionError } from "@vectron/core";
import { EXPORT_VERSION } from "./export-format.ts";

/** What is read is not a whole export. Nothing of it has been imported. */
export function damagedExport(what: string, cause?: unknown): DataLossError {
  return new DataLossError(`the export is damaged, and nothing of it was imported: ${what}`, { cause });
}

export function truncatedExport(position: number): DataLossError {
  return damagedExport(`it is cut off after ${position} bytes`);
}

/** @throws FailedPreconditionError for a version that this code does not read */
export function checkVersion(version: unknown): void {
  if (version === EXPORT_VERSION) return;
  throw new FailedPreconditionError(
    `the export is of version ${JSON.stringify(version)}; this @vectron/local reads version ${EXPORT_VERSION}: ` +
      "upgrade it, or export again",
  );
}

export function checkCount(said: number, found: number): void {
  if (said !== found) throw damagedExport(`it is said to have ${said} points, and has ${found}`);
}
