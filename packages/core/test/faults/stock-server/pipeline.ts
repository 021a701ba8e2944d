import { EVERY_METHOD } from "./calls.ts";
import type { StockFailure } from "./stock-failure.ts";

/** What stands before every call, and what stands below all. */
export const PIPELINE_FAILURES: readonly StockFailure[] = [
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
    methods: EVERY_METHOD,
    code: "UNAUTHENTICATED",
    message: "missing Authorization header",
    error: "AuthenticationError",
  },
  {
    what: "an empty token",
    methods: EVERY_METHOD,
    code: "UNAUTHENTICATED",
    message: "invalid Authorization format",
    error: "AuthenticationError",
  },
  {
    what: "a bad token",
    methods: EVERY_METHOD,
    code: "UNAUTHENTICATED",
    message: "invalid or expired token",
    error: "AuthenticationError",
  },
  {
    what: "a deleted key",
    methods: EVERY_METHOD,
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
];
