import { NotFoundError } from "@vectron/core";
import type { Finding } from "./finding.ts";
import { failed, ok } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** Deletes the scratch collection, whatever happened before. Undefined when there is none to delete. */
export async function cleanUp({ client, scratch, hasScratch }: Patient): Promise<Finding | undefined> {
  if (scratch === undefined || !hasScratch) return undefined;
  const startMs = performance.now();
  try {
    await client.deleteCollection(scratch);
    return ok(
      `the scratch collection is deleted (DeleteCollection ${Math.round(performance.now() - startMs)} ms)`,
    );
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    return failed(
      `the scratch collection could not be deleted: ${(error as Error).message}`,
      `delete it later: vectron collections delete ${scratch} --yes`,
    );
  }
}
