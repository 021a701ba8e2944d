import { SEARCHES } from "./calls.ts";
import { STALE, type StockFailure } from "./stock-failure.ts";

const READS = ["search", "searchStream", "get"] as const;

/** Of Search and SearchStream. */
export const SEARCH_FAILURES: readonly StockFailure[] = [
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
];
