import type { Distance } from "@vectron/core";
import type { ConnectionOptions } from "../../connect/connection-options.ts";
import type { Format } from "../../readers/record-source.ts";

/** Options of `vectron import`, as the command line gives them. */
export interface ImportOptions extends ConnectionOptions {
  readonly collection: string;
  readonly format?: Format;
  readonly idField?: string;
  readonly vectorField?: string;
  readonly payloadFields?: readonly string[];
  /** False with `--no-payload`. */
  readonly payload: boolean;
  readonly ids?: string;
  readonly delimiter?: string;
  /** False with `--no-header`. */
  readonly header: boolean;
  readonly onDuplicate: "reject" | "replace";
  readonly create?: boolean;
  readonly distance?: Distance;
  /** A file, or false with `--no-checkpoint`. */
  readonly checkpoint?: string | boolean;
  readonly restart?: boolean;
  readonly rejected?: string;
  readonly maxRejected: number;
  readonly concurrency?: number;
  readonly batchBytes?: number;
  /** False with `--no-progress`. */
  readonly progress: boolean;
}
