import type { StockFailure } from "./stock-failure.ts";

/** Of the account and of feedback. */
export const ACCOUNT_FAILURES: readonly StockFailure[] = [
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
