import type { ErrorCode, VectronClient } from "../../src/index.ts";
import type { ScriptedMethod } from "../../src/testing/index.ts";
import { collect, QUERY } from "../support.ts";

/** One failure of a stock server, in its exact words, and what the user is to make of it. */
export interface StockFailure {
  readonly what: string;
  readonly methods: readonly ScriptedMethod[];
  readonly code: ErrorCode;
  readonly message: string;
  /** The class of the error that the user gets. */
  readonly error: string;
  /** A part of the text that the user reads. Default: the server's own. */
  readonly says?: string;
  /** How often the request is sent in all, within 10 s. Default 1. */
  readonly sent?: number | "polled";
  readonly retryable?: boolean;
}

/** The calls of the client by the method that they use. */
export const CALLS: Readonly<Partial<Record<ScriptedMethod, (client: VectronClient) => Promise<unknown>>>> = {
  createCollection: (client) =>
    client.createCollection({ name: "docs", dimension: 2 }, { waitUntilReady: false }),
  deleteCollection: (client) => client.deleteCollection("docs"),
  upsert: (client) => client.upsert("docs", [{ id: "a", vector: [1, 2] }]),
  search: (client) => client.search("docs", QUERY),
  searchStream: (client) => collect(client.searchStream("docs", QUERY)),
  get: (client) => client.get("docs", "a"),
  delete: (client) => client.delete("docs", "a"),
  listCollections: (client) => client.listCollections(),
  getCollectionStatus: (client) => client.getCollectionStatus("docs"),
  updateUserProfile: (client) => client.updateUserProfile({ plan: "paid" }),
  submitFeedback: (client) =>
    client.submitFeedback({ collection: "docs", items: [{ resultId: "a", relevanceScore: 3 }] }),
};

const SEARCHES = ["search", "searchStream"] as const;
const READS = ["search", "searchStream", "get"] as const;
const EVERY = Object.keys(CALLS) as ScriptedMethod[];

const WRAPPED_MISSING = "rpc error: code = NotFound desc = collection 'docs' not found";
const STALE = "rpc error: code = FailedPrecondition desc = stale shard epoch (have 1, want 0)";

export const STOCK_FAILURES: readonly StockFailure[] = [
  // An embedded server's, which keeps its data in a directory.
  {
    what: "a disk that is full",
    methods: ["upsert", "createCollection", "delete"],
    code: "RESOURCE_EXHAUSTED",
    message: "cannot write to /data: no space left on the disk",
    error: "ResourceExhaustedError",
  },
  // The pipeline before every unary call.
  {
    what: "no token",
    methods: EVERY,
    code: "UNAUTHENTICATED",
    message: "missing Authorization header",
    error: "AuthenticationError",
  },
  {
    what: "an empty token",
    methods: EVERY,
    code: "UNAUTHENTICATED",
    message: "invalid Authorization format",
    error: "AuthenticationError",
  },
  {
    what: "a bad token",
    methods: EVERY,
    code: "UNAUTHENTICATED",
    message: "invalid or expired token",
    error: "AuthenticationError",
  },
  {
    what: "a deleted key",
    methods: EVERY,
    code: "UNAUTHENTICATED",
    message: "invalid API key ID in SDK token",
    error: "AuthenticationError",
  },
  {
    what: "the auth service down",
    methods: ["search", "upsert"],
    code: "INTERNAL",
    message:
      "failed to get auth details for SDK token: rpc error: code = Unavailable desc = connection refused",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },
  {
    what: "the auth service failing",
    methods: ["search"],
    code: "INTERNAL",
    message: "failed to get auth details for SDK token: rpc error: code = Internal desc = etcd timeout",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },
  {
    what: "the auth service's own limiter",
    methods: ["search", "upsert"],
    code: "INTERNAL",
    message:
      "failed to get auth details for SDK token: rpc error: code = ResourceExhausted desc = rate limit exceeded. Please try again later.",
    error: "ResourceExhaustedError",
    sent: 3,
    retryable: true,
  },
  {
    what: "a deleted user",
    methods: ["search", "upsert"],
    code: "INTERNAL",
    message: "failed to get auth details for SDK token: rpc error: code = NotFound desc = user not found",
    error: "AuthenticationError",
    says: "the token's account or key is not known to the auth service",
  },
  {
    what: "the rate limit",
    methods: ["search", "upsert", "submitFeedback"],
    code: "RESOURCE_EXHAUSTED",
    message: "rate limit of 100 RPS exceeded",
    error: "ResourceExhaustedError",
    sent: 3,
    retryable: true,
  },
  {
    what: "a message over 256 MiB",
    methods: ["upsert", "search"],
    code: "RESOURCE_EXHAUSTED",
    message: "grpc: received message larger than max (268435500 vs. 268435456)",
    error: "ResourceExhaustedError",
  },
  {
    what: "no placement driver",
    methods: ["listCollections", "getCollectionStatus", "upsert"],
    code: "INTERNAL",
    message:
      "could not update placement driver leader: rpc error: code = Unavailable desc = no placement driver leader found",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },

  // CreateCollection, DeleteCollection: see recovery.test.ts for what depends on the server's state.
  {
    what: "an empty name",
    methods: ["createCollection", "deleteCollection"],
    code: "INVALID_ARGUMENT",
    message: "collection name cannot be empty",
    error: "InvalidArgumentError",
  },
  {
    what: "a dimension of 0",
    methods: ["createCollection"],
    code: "INVALID_ARGUMENT",
    message: "dimension must be a positive number",
    error: "InvalidArgumentError",
  },

  // Upsert.
  {
    what: "no points",
    methods: ["upsert"],
    code: "INVALID_ARGUMENT",
    message: "at least one point is required for upsert",
    error: "InvalidArgumentError",
  },
  {
    what: "an empty id",
    methods: ["upsert"],
    code: "INVALID_ARGUMENT",
    message: "point ID cannot be empty",
    error: "InvalidArgumentError",
  },
  {
    what: "an empty vector",
    methods: ["upsert"],
    code: "INVALID_ARGUMENT",
    message: "point vector cannot be empty",
    error: "InvalidArgumentError",
  },
  {
    what: "a wrong dimension",
    methods: ["upsert"],
    code: "INVALID_ARGUMENT",
    message: "vector dimension 3 does not match index dimension 4",
    error: "InvalidArgumentError",
  },
  {
    what: "a wrong dimension that the worker found",
    methods: ["upsert"],
    code: "INTERNAL",
    message:
      "failed to upsert batch for shard 3: rpc error: code = InvalidArgument desc = vector dimension 3 does not match index dimension 4",
    error: "InvalidArgumentError",
  },
  {
    what: "a missing collection",
    methods: ["upsert", "get", "delete"],
    code: "INTERNAL",
    message: `could not get worker for collection "docs": ${WRAPPED_MISSING}`,
    error: "NotFoundError",
    says: "collection 'docs' not found [",
  },
  {
    what: "a missing collection, no fan-out",
    methods: SEARCHES,
    code: "INTERNAL",
    message: `could not list workers for collection "docs": ${WRAPPED_MISSING}`,
    error: "NotFoundError",
    says: "collection 'docs' not found [",
  },
  {
    what: "a missing collection, in its status",
    methods: ["getCollectionStatus"],
    code: "NOT_FOUND",
    message: "collection 'docs' not found",
    error: "NotFoundError",
  },
  {
    what: "an empty collection name",
    methods: ["get", "delete"],
    code: "INTERNAL",
    message:
      'could not get worker for collection "": rpc error: code = InvalidArgument desc = collection name is required',
    error: "InvalidArgumentError",
  },
  {
    what: "a shard that is not ready, on upsert",
    methods: ["upsert"],
    code: "INTERNAL",
    message: "failed to upsert batch for shard 3: rpc error: code = Unavailable desc = shard 3 not ready",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a shard that is not ready, on a streamed upsert",
    methods: ["upsert"],
    code: "INTERNAL",
    message:
      "failed to finalize stream upsert for shard 3: rpc error: code = Unavailable desc = shard 3 not ready",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a streamed upsert whose cause is lost",
    methods: ["upsert"],
    code: "INTERNAL",
    message: "failed to stream upsert batch for shard 3: EOF",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },
  {
    what: "an assignment that has not arrived, on upsert",
    methods: ["upsert"],
    code: "INTERNAL",
    message: `failed to upsert batch for shard 3: ${STALE}`,
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "no healthy replica",
    methods: ["upsert", "get", "delete"],
    code: "INTERNAL",
    message:
      "could not get worker for collection \"docs\" after leader update: rpc error: code = Unavailable desc = no healthy replicas available for shard '3'",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a worker out of reach",
    methods: ["upsert"],
    code: "UNAVAILABLE",
    message: "worker 10.0.0.1:9090 unreachable: circuit open",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },
  {
    what: "a raft group without an answer, on upsert",
    methods: ["upsert"],
    code: "INTERNAL",
    message:
      "failed to upsert batch for shard 3: rpc error: code = Internal desc = failed to propose batch StoreVector command: timeout",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },

  // Search and SearchStream.
  {
    what: "an empty query vector",
    methods: SEARCHES,
    code: "INVALID_ARGUMENT",
    message: "search vector cannot be empty",
    error: "InvalidArgumentError",
  },
  {
    what: "a query of the wrong dimension",
    methods: SEARCHES,
    code: "INVALID_ARGUMENT",
    message: "search vector dimension 3 does not match index dimension 4",
    error: "InvalidArgumentError",
  },
  {
    what: "vectors on a stream",
    methods: ["searchStream"],
    code: "INVALID_ARGUMENT",
    message: "include_vectors is not supported on SearchStream",
    error: "InvalidArgumentError",
  },
  {
    what: "a shard not started on its worker",
    methods: SEARCHES,
    code: "INTERNAL",
    message: `worker 10.0.0.1:9090 search failed: ${STALE}`,
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a raft cluster not found",
    methods: SEARCHES,
    code: "INTERNAL",
    message: "worker 10.0.0.1:9090 search failed: rpc error: code = Unknown desc = cluster not found",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a raft cluster not initialized",
    methods: SEARCHES,
    code: "INTERNAL",
    message:
      "worker 10.0.0.1:9090 search failed: rpc error: code = Unknown desc = raft cluster not initialized yet",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a failure that a worker time limit hides",
    methods: SEARCHES,
    code: "DEADLINE_EXCEEDED",
    message: `search timed out before any results were returned: ${STALE}`,
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "another failure that a worker time limit hides",
    methods: SEARCHES,
    code: "DEADLINE_EXCEEDED",
    message:
      "search timed out before any results were returned: rpc error: code = InvalidArgument desc = vector dimension 3 does not match",
    error: "InvalidArgumentError",
  },
  {
    what: "one worker of several failing",
    methods: SEARCHES,
    code: "INTERNAL",
    message: "failed to search all workers: rpc error: code = Unavailable desc = connection refused",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },
  {
    what: "a hit that was deleted meanwhile",
    methods: SEARCHES,
    code: "NOT_FOUND",
    message: "vector with id a not found",
    error: "UnavailableError",
    says: "a point was deleted while the search read it (vector with id a not found)",
    sent: 3,
    retryable: true,
  },
  {
    what: "no deadline",
    methods: READS,
    code: "INTERNAL",
    message: "failed to perform GetVector: deadline not set",
    error: "FailedPreconditionError",
    says: "the server needs a deadline for this call and got none",
  },

  // Get and Delete.
  {
    what: "a missing point",
    methods: ["get"],
    code: "NOT_FOUND",
    message: "vector with id a not found",
    error: "NotFoundError",
  },
  {
    what: "a deadline shorter than a worker's tick",
    methods: ["get"],
    code: "INTERNAL",
    message: "failed to perform GetVector: specified timeout value is too small",
    error: "DeadlineExceededError",
    sent: 3,
    retryable: true,
  },
  {
    what: "a shard that is not ready",
    methods: ["get", "delete"],
    code: "UNAVAILABLE",
    message: "shard 3 not ready",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "an assignment that has not arrived",
    methods: ["get", "delete"],
    code: "FAILED_PRECONDITION",
    message: "stale shard epoch (have 1, want 0)",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a leader that does not answer",
    methods: ["get"],
    code: "INTERNAL",
    message: "failed to perform GetVector: timeout",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },
  {
    what: "a cluster that dropped the request",
    methods: ["get"],
    code: "INTERNAL",
    message: "failed to perform GetVector: request dropped as the cluster is not ready",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a cluster that is not there yet",
    methods: ["get"],
    code: "INTERNAL",
    message: "failed to perform GetVector: cluster not found",
    error: "UnavailableError",
    says: "waitUntilReady",
    sent: "polled",
    retryable: true,
  },
  {
    what: "a search-only worker",
    methods: ["get"],
    code: "FAILED_PRECONDITION",
    message: "get not supported on search-only worker",
    error: "FailedPreconditionError",
  },
  {
    what: "a raft group without an answer, on delete",
    methods: ["delete"],
    code: "INTERNAL",
    message: "failed to propose DeleteVector command: timeout",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },

  // The account and feedback.
  {
    what: "a profile that auth refuses",
    methods: ["updateUserProfile"],
    code: "INTERNAL",
    message: "failed to update user profile: rpc error: code = NotFound desc = user profile not found: x",
    error: "NotFoundError",
  },
  {
    what: "a profile without auth",
    methods: ["updateUserProfile"],
    code: "INTERNAL",
    message: "failed to update user profile: rpc error: code = Unavailable desc = connection refused",
    error: "UnavailableError",
    sent: 3,
    retryable: true,
  },
  {
    what: "no feedback items",
    methods: ["submitFeedback"],
    code: "INVALID_ARGUMENT",
    message: "feedback items cannot be empty",
    error: "InvalidArgumentError",
  },
  {
    what: "a relevance of 0",
    methods: ["submitFeedback"],
    code: "INVALID_ARGUMENT",
    message: "relevance score must be between 1 and 5",
    error: "InvalidArgumentError",
  },
  {
    what: "feedback that could not be stored",
    methods: ["submitFeedback"],
    code: "INTERNAL",
    message: "failed to store feedback",
    error: "InternalServerError",
  },
];
