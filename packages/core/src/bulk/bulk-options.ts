import { type CallOptions, checkCallOptions } from "../call/call-options.ts";
import {
  MAX_INT32,
  refuseUnknownKeys,
  requireFunction,
  requireInteger,
  requireObject,
  requireOneOf,
} from "../data/checks.ts";
import type { BulkProgress, RejectedRecord } from "./bulk-report.ts";
import { type BulkCheckpoint, requireCheckpoint } from "./checkpoint.ts";

/**
 * Options of `bulkUpsert` and `bulkWriter`. `timeoutMs`, `headers` and `retry`
 * are those of each request. Rate limits are not retried by `retry` but waited
 * out, for up to two minutes without a single answer, unless its `codes` leave
 * out `RESOURCE_EXHAUSTED`. Writes are never hedged.
 */
export interface BulkOptions extends Pick<CallOptions, "signal" | "timeoutMs" | "headers" | "retry"> {
  /**
   * How many requests are under way at once, at most: 1 to 1,024. It adapts below
   * that to what the server bears. Default 8: with requests of 512 KiB,
   * enough to fill a connection of 1 Gbit/s over a round trip of 30 ms.
   */
  readonly concurrency?: number | undefined;
  /**
   * How many records one request holds, at most: 1 to 100,000. Default 480: from 500
   * for one shard on, a stock gateway writes them in another way, which it does not
   * repeat when the shard is not ready. Fewer cost more, since a request has a price
   * of its own in time and in garbage.
   */
  readonly maxBatchPoints?: number | undefined;
  /**
   * How large a request is, at most, in protobuf bytes on every transport, and
   * never more than the transport's limit. A record that is larger by itself is
   * sent alone. Default 524,288 (512 KiB), which keeps a load below 64 MiB: each
   * request under way is held as its encoding and as what the HTTP/2 stack has
   * framed, and garbage collectors come late for buffers.
   */
  readonly maxBatchBytes?: number | undefined;
  /** Called whenever a batch is settled. What it throws stops the load. Default: none. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /**
   * Called for each record that is rejected, before a checkpoint passes it. What it
   * throws stops the load. Default: none.
   */
  readonly onRejected?: ((record: RejectedRecord) => void) | undefined;
  /**
   * What a record that is wrong or too large does: `"stop"` ends the load,
   * `"continue"` reports the record and goes on. All other failures, such as an
   * outage, always stop: they say nothing about a record. Default `"stop"`.
   */
  readonly onError?: "stop" | "continue" | undefined;
  /**
   * How many records may be rejected with `onError: "continue"` before the load
   * stops after all: 1 to 10,000,000. The report holds each of them in memory, and
   * a source that is wrong as a whole costs two requests a record. Default 10,000.
   */
  readonly maxRejected?: number | undefined;
  /** Skips the records of the source that an earlier load has settled. Default: skips none. */
  readonly resumeFrom?: BulkCheckpoint | undefined;
}

/** Bulk options that have been checked, with every default filled in. */
export interface BulkSettings {
  readonly concurrency: number;
  readonly maxBatchPoints: number;
  readonly maxBatchBytes: number;
  readonly onProgress: ((progress: BulkProgress) => void) | undefined;
  readonly onRejected: ((record: RejectedRecord) => void) | undefined;
  readonly continues: boolean;
  readonly maxRejected: number;
  /** How many records are skipped. */
  readonly skip: number;
  /** Options of each request. */
  readonly call: CallOptions;
}

const BULK_OPTION_KEYS: readonly (keyof BulkOptions)[] = [
  "concurrency",
  "maxBatchPoints",
  "maxBatchBytes",
  "onProgress",
  "onRejected",
  "onError",
  "maxRejected",
  "resumeFrom",
  "signal",
  "timeoutMs",
  "headers",
  "retry",
];

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_BATCH_POINTS = 480;
const DEFAULT_BATCH_BYTES = 524_288;
const DEFAULT_REJECTED = 10_000;

/** Checks the options and fills in the defaults. */
export function resolveBulkOptions(options: BulkOptions): BulkSettings {
  requireObject("options", options);
  refuseUnknownKeys("options", options, BULK_OPTION_KEYS);
  const { onProgress, onRejected, onError, resumeFrom, signal, timeoutMs, headers, retry } = options;
  const integer = (key: "concurrency" | "maxBatchPoints" | "maxBatchBytes" | "maxRejected", max: number) =>
    options[key] === undefined ? undefined : requireInteger(`options.${key}`, options[key], 1, max);
  return {
    concurrency: integer("concurrency", 1_024) ?? DEFAULT_CONCURRENCY,
    maxBatchPoints: integer("maxBatchPoints", 100_000) ?? DEFAULT_BATCH_POINTS,
    maxBatchBytes: integer("maxBatchBytes", MAX_INT32) ?? DEFAULT_BATCH_BYTES,
    maxRejected: integer("maxRejected", 10_000_000) ?? DEFAULT_REJECTED,
    onProgress: onProgress && requireFunction("options.onProgress", onProgress),
    onRejected: onRejected && requireFunction("options.onRejected", onRejected),
    continues:
      onError !== undefined && requireOneOf("options.onError", onError, ["stop", "continue"]) === "continue",
    skip: resumeFrom === undefined ? 0 : requireCheckpoint("options.resumeFrom", resumeFrom),
    call: checkCallOptions({ signal, timeoutMs, headers, retry }),
  };
}
