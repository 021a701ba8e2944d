import type { ErrorCode } from "../transport/status-code.ts";
import type { FaultCondition } from "./diagnosis.ts";

/** One way in which a stock server reports an ordinary condition as something else. */
export interface Fault {
  /** The methods it is seen on; all when absent. */
  readonly methods?: readonly string[];
  /** The codes it comes under. */
  readonly codes: readonly ErrorCode[];
  /** How its message is recognised. */
  readonly message: RegExp;
  /** What the user gets. */
  readonly code: ErrorCode;
  readonly condition?: FaultCondition;
  /** How long to wait before the next try, in milliseconds. Default: as the server says, or by the condition. */
  readonly pauseMs?: number;
  /** What the user reads: `$1` and on are the groups of `message`. Default: the server's own text. */
  readonly says?: string;
}

/** How an embedded server words the operating system's ENOSPC and EDQUOT. */
export const NO_SPACE = /no space left|disk quota exceeded/i;

/**
 * The faults of a stock server, the first that fits counting. Whatever wraps an
 * inner status and is not listed here is given that status by `diagnose`.
 */
export const FAULTS: readonly Fault[] = [
  {
    // A collection that does not exist, wrapped by the gateway.
    codes: ["INTERNAL", "UNAVAILABLE"],
    message: /(?:^|desc = )collection '(.*)' not found/s,
    code: "NOT_FOUND",
    says: "collection '$1' not found",
  },
  {
    // A collection that does not exist, on a gateway that searches all shards.
    methods: ["Search", "SearchStream"],
    codes: ["UNAVAILABLE"],
    message: /^routing info unavailable for collection/,
    code: "UNAVAILABLE",
    condition: "routing-unknown",
  },
  {
    // Create: a collection of that name exists, or no worker is there to take it.
    methods: ["CreateCollection"],
    codes: ["INTERNAL"],
    message: /FSM failed to create collection/,
    code: "INTERNAL",
    condition: "create-refused",
  },
  {
    // Delete: a collection that does not exist.
    methods: ["DeleteCollection"],
    codes: ["INTERNAL"],
    message: /FSM failed to delete collection/,
    code: "NOT_FOUND",
    condition: "delete-refused",
    says: "the collection does not exist",
  },
  {
    // Shards that are starting, moving or without a leader.
    codes: ["INTERNAL", "UNAVAILABLE", "FAILED_PRECONDITION", "DEADLINE_EXCEEDED", "UNKNOWN"],
    message:
      /stale shard epoch|shard \d+ not ready|no healthy replicas available|raft cluster not initialized|cluster is not ready|[=:] cluster not found/,
    code: "UNAVAILABLE",
    condition: "not-ready",
  },
  {
    // A replication group that gave no answer in time, as while its leader changes.
    codes: ["INTERNAL"],
    message: /failed to (propose|perform) .*: timeout$/s,
    code: "UNAVAILABLE",
  },
  {
    // Less time left than one tick of a worker's clock.
    codes: ["INTERNAL"],
    message: /specified timeout value is too small/,
    code: "DEADLINE_EXCEEDED",
  },
  {
    // A streamed write that was cut off, its cause lost.
    methods: ["Upsert"],
    codes: ["INTERNAL"],
    message: /failed to (stream upsert batch|finalize stream upsert) for shard \d+: (EOF|.*connection)/s,
    code: "UNAVAILABLE",
  },
  {
    // A hit that was deleted while the search collected its vector or payload.
    methods: ["Search", "SearchStream"],
    codes: ["NOT_FOUND", "INTERNAL"],
    message: /vector with id .* not found/s,
    code: "UNAVAILABLE",
    says: "a point was deleted while the search read it ($&)",
  },
  {
    // A call that reached the worker without a deadline.
    codes: ["INTERNAL"],
    message: /deadline not set/,
    code: "FAILED_PRECONDITION",
    says:
      "the server needs a deadline for this call and got none ($&). Over HTTP only the Grpc-Timeout header carries one, " +
      "which pages may not send to a stock gateway on another origin: use one origin, " +
      "allow the header and set sendTimeoutHeader: true, or use the bridge of @vectron/local",
  },
  {
    // The account behind a token no longer exists.
    codes: ["INTERNAL"],
    message:
      /failed to get auth details for SDK token: .*code = (NotFound|Unauthenticated|PermissionDenied)/s,
    code: "UNAUTHENTICATED",
    says: "the token's account or key is not known to the auth service",
  },
  {
    // The auth service's own rate limit, hit by the gateway.
    codes: ["INTERNAL"],
    message: /failed to get auth details for SDK token: .*code = ResourceExhausted/s,
    code: "RESOURCE_EXHAUSTED",
    condition: "rate-limit",
  },
  {
    // The auth service out of reach of the gateway.
    codes: ["INTERNAL"],
    message: /failed to get auth details for SDK token/,
    code: "UNAVAILABLE",
  },
  {
    // A key to be deleted that does not exist.
    methods: ["DeleteAPIKey"],
    codes: ["PERMISSION_DENIED"],
    message: /^failed to delete key: key not found$/,
    code: "NOT_FOUND",
    says: "the API key does not exist",
  },
  {
    // The auth service's own rate limit, in windows of one minute.
    codes: ["RESOURCE_EXHAUSTED"],
    message: /^rate limit exceeded\. Please try again later\.$/,
    code: "RESOURCE_EXHAUSTED",
    condition: "rate-limit",
    pauseMs: 60_000,
  },
  {
    // A disk that is full, of an embedded server.
    codes: ["RESOURCE_EXHAUSTED"],
    message: NO_SPACE,
    code: "RESOURCE_EXHAUSTED",
    condition: "no-space",
  },
  {
    // A message over the size limit.
    codes: ["RESOURCE_EXHAUSTED"],
    message: /larger than|too large|message size|exceeds? (the )?(maximum|limit)/i,
    code: "RESOURCE_EXHAUSTED",
    condition: "too-large",
  },
  {
    // A rate limit.
    codes: ["RESOURCE_EXHAUSTED"],
    message: /^/,
    code: "RESOURCE_EXHAUSTED",
    condition: "rate-limit",
  },
];
