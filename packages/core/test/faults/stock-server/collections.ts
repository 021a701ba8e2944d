import { SEARCHES } from "./calls.ts";
import type { StockFailure } from "./stock-failure.ts";

const WRAPPED_MISSING = "rpc error: code = NotFound desc = collection 'docs' not found";

/** Of collections: see recovery.test.ts for what depends on the server's state. */
export const COLLECTION_FAILURES: readonly StockFailure[] = [
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
];
