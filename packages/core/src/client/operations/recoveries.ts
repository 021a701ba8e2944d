import type { OpenFailure, Recover, Recovery } from "../../call/recovery.ts";
import type { Diagnosis } from "../../faults/diagnosis.ts";
import type { DeleteAPIKeyResponse } from "../../gen/vectron/auth/v1/messages.ts";
import { authService } from "../../gen/vectron/auth/v1/methods.ts";
import type {
  CreateCollectionRequest,
  CreateCollectionResponse,
  DeleteCollectionResponse,
  GetCollectionStatusResponse,
} from "../../gen/vectron/v1/messages.ts";
import type { ErrorCode } from "../../transport/status-code.ts";
import { look } from "./recover-routing.ts";

/** Failures after which a write may have been made all the same. */
const AMBIGUOUS: readonly ErrorCode[] = [
  "UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "UNKNOWN",
  "INTERNAL",
  "CANCELLED",
];

/**
 * Settles a create that failed. A stock server refuses a name that is taken and a
 * cluster without workers in the same words; and an answer that was lost says
 * nothing.
 */
export function recoverCreate(request: CreateCollectionRequest): Recover<CreateCollectionResponse> {
  return async (failure) => {
    const { condition, code } = failure.diagnosis;
    const refused = condition === "create-refused" || (code === "ALREADY_EXISTS" && failure.ambiguousBefore);
    if (!refused && !isAmbiguous(failure)) return { kind: "unknown" };
    const seen = await look(failure, request.name);
    if (seen === undefined) return { kind: "unknown" };
    if (seen === "missing") return noEffect(refused ? noWorkers(request.name) : failure.diagnosis);
    const ours = seen.dimension === request.dimension && sameDistance(seen.distance, request.distance);
    // Refused at first sight means that it was there before; after an answer that was lost, it is most likely ours.
    if (ours && (!refused || failure.ambiguousBefore)) return { kind: "done", reply: { success: true } };
    return { kind: "failed", diagnosis: exists(request.name, seen) };
  };
}

/** Settles a delete that failed: after an answer that was lost, a collection that is gone is a success. */
export function recoverDelete(name: string): Recover<DeleteCollectionResponse> {
  return async (failure) => {
    const gone = failure.diagnosis.code === "NOT_FOUND";
    if (gone && failure.ambiguousBefore) return { kind: "done", reply: { success: true } };
    if (gone) {
      return { kind: "failed", diagnosis: { code: "NOT_FOUND", message: `collection '${name}' not found` } };
    }
    if (!isAmbiguous(failure)) return { kind: "unknown" };
    const seen = await look(failure, name);
    if (seen === undefined) return { kind: "unknown" };
    return seen === "missing" ? { kind: "done", reply: { success: true } } : noEffect(failure.diagnosis);
  };
}

/** Settles the deletion of an API key that failed: after an answer that was lost, a key that is gone is a success. */
export function recoverDeleteApiKey(keyPrefix: string): Recover<DeleteAPIKeyResponse> {
  return async (failure) => {
    const done: Recovery<DeleteAPIKeyResponse> = { kind: "done", reply: { success: true } };
    if (failure.diagnosis.code === "NOT_FOUND") return failure.ambiguousBefore ? done : { kind: "unknown" };
    if (!isAmbiguous(failure)) return { kind: "unknown" };
    try {
      const { keys } = await failure.ask(authService.listApiKeys, {});
      const isThere = keys.some((key) => key.keyPrefix === keyPrefix);
      return isThere ? noEffect(failure.diagnosis) : done;
    } catch {
      return { kind: "unknown" };
    }
  };
}

/** Whether two metric names mean the same; a server that was given none uses squared L2. */
export function sameDistance(a: string, b: string): boolean {
  return (a || "euclidean") === (b || "euclidean");
}

function isAmbiguous({ diagnosis, requestSent }: OpenFailure): boolean {
  return requestSent !== "no" && AMBIGUOUS.includes(diagnosis.code);
}

function noEffect<O>(diagnosis: Diagnosis): Recovery<O> {
  return { kind: "no-effect", diagnosis };
}

function noWorkers(name: string): Diagnosis {
  return {
    code: "UNAVAILABLE",
    message: `collection '${name}' was not created: no worker of the cluster is ready to take it`,
  };
}

function exists(name: string, { dimension, distance }: GetCollectionStatusResponse): Diagnosis {
  return {
    code: "ALREADY_EXISTS",
    message: `collection '${name}' already exists, with dimension ${dimension} and distance ${JSON.stringify(distance)}`,
  };
}
