import { markClass } from "../errors/identity.ts";
import { textOf } from "../errors/text-of.ts";
import { VectronError, type VectronErrorJson } from "../errors/vectron-error.ts";
import type { BulkReport } from "./bulk-report.ts";
import type { BulkCheckpoint } from "./checkpoint.ts";

/** The plain object that `toJSON` of a `BulkUpsertError` returns: safe to log. */
export interface BulkUpsertErrorJson extends VectronErrorJson {
  readonly checkpoint: BulkCheckpoint;
  /** The report, with the number of rejected records in place of the records. */
  readonly report: Omit<BulkReport, "rejected"> & { readonly rejected: number };
}

/**
 * A load that stopped before its source ended. `cause` is what stopped it, and
 * `code` the cause's own: `CANCELLED` when it was aborted, `UNKNOWN` when the
 * source failed with an error that is not a `VectronError`.
 */
export class BulkUpsertError extends VectronError {
  /** What the load had done. What was sent and not acknowledged is not counted; it may be written all the same. */
  readonly report: BulkReport;
  /** Where to go on, with `resumeFrom`. */
  readonly checkpoint: BulkCheckpoint;

  static {
    markClass(BulkUpsertError, "BulkUpsertError");
  }

  /** @param where - what was loaded, and which record stopped it, for the message */
  constructor(cause: unknown, where: string, facts: Facts) {
    const { report, checkpoint, collection } = facts;
    const known = VectronError.isInstance(cause) ? cause : undefined;
    const written = `${report.accepted} records were written, ${report.rejected.length} rejected`;
    super(known?.code ?? "UNKNOWN", `${where}: ${messageOf(cause)} (${written})`, {
      method: "Upsert",
      collection,
      cause,
      retryable: known?.retryable,
      requestId: known?.requestId,
      attempts: known?.attempts,
      retryAfterMs: known?.retryAfterMs,
      metadata: known?.metadata,
    });
    this.report = report;
    this.checkpoint = checkpoint;
  }

  override toJSON(): BulkUpsertErrorJson {
    const { report, checkpoint } = this;
    return { ...super.toJSON(), checkpoint, report: { ...report, rejected: report.rejected.length } };
  }
}

interface Facts {
  readonly collection: string;
  readonly report: BulkReport;
  readonly checkpoint: BulkCheckpoint;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : textOf(cause);
}
