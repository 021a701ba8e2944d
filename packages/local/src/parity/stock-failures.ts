import type { TransportFailure } from "@vectron/core";
import { failure } from "../service/failures.ts";

/** The failures of a stock server that say something other than what has happened, in its own words. */

const STALE_EPOCH = "stale shard epoch (have 1, want 0)";
const WORKER = "127.0.0.1:10007";

export function createRefused(): TransportFailure {
  return failure("INTERNAL", "FSM failed to create collection");
}

export function deleteRefused(): TransportFailure {
  return failure("INTERNAL", "FSM failed to delete collection");
}

/** For the calls that are routed by a point's id. */
export function noWorker(collection: string): TransportFailure {
  return failure(
    "INTERNAL",
    `could not get worker for collection "${collection}": ${lookUpError(collection)}`,
  );
}

/** For searches. */
export function noWorkers(collection: string): TransportFailure {
  return failure(
    "INTERNAL",
    `could not list workers for collection "${collection}": ${lookUpError(collection)}`,
  );
}

function lookUpError(collection: string): string {
  if (collection === "") return wrapped("InvalidArgument", "collection name is required");
  return wrapped("NotFound", `collection '${collection}' not found`);
}

export function deadlineNotSet(): TransportFailure {
  return failure("INTERNAL", "failed to perform GetVector: deadline not set");
}

/** For calls that the gateway passes on to the shard's worker as they are. */
export function shardUnassigned(): TransportFailure {
  return failure("FAILED_PRECONDITION", STALE_EPOCH);
}

export function shardNotReady(shardId: number): TransportFailure {
  return failure("UNAVAILABLE", `shard ${shardId} not ready`);
}

export function upsertUnassigned(shardId: number): TransportFailure {
  return upsertFailed(shardId, wrapped("FailedPrecondition", STALE_EPOCH));
}

export function upsertNotReady(shardId: number): TransportFailure {
  return upsertFailed(shardId, wrapped("Unavailable", `shard ${shardId} not ready`));
}

function upsertFailed(shardId: number, cause: string): TransportFailure {
  return failure("INTERNAL", `failed to upsert batch for shard ${shardId}: ${cause}`);
}

export function searchUnassigned(timeoutMs: number): TransportFailure {
  return searchFailed(timeoutMs, wrapped("FailedPrecondition", STALE_EPOCH));
}

export function searchNotReady(timeoutMs: number): TransportFailure {
  return searchFailed(timeoutMs, wrapped("Unknown", "cluster not found"));
}

/** With a limit for its workers, a search blames that limit whatever has gone wrong. */
function searchFailed(timeoutMs: number, cause: string): TransportFailure {
  if (timeoutMs > 0) {
    return failure("DEADLINE_EXCEEDED", `search timed out before any results were returned: ${cause}`);
  }
  return failure("INTERNAL", `worker ${WORKER} search failed: ${cause}`);
}

function wrapped(code: string, message: string): string {
  return `rpc error: code = ${code} desc = ${message}`;
}
