import { ACCOUNT_FAILURES } from "./stock-server/account.ts";
import { COLLECTION_FAILURES } from "./stock-server/collections.ts";
import { PIPELINE_FAILURES } from "./stock-server/pipeline.ts";
import { POINT_FAILURES } from "./stock-server/points.ts";
import { SEARCH_FAILURES } from "./stock-server/searches.ts";
import type { StockFailure } from "./stock-server/stock-failure.ts";
import { UPSERT_FAILURES } from "./stock-server/upserts.ts";

/** What a stock server says when it fails, call by call. */
export const STOCK_FAILURES: readonly StockFailure[] = [
  ...PIPELINE_FAILURES,
  ...COLLECTION_FAILURES,
  ...UPSERT_FAILURES,
  ...SEARCH_FAILURES,
  ...POINT_FAILURES,
  ...ACCOUNT_FAILURES,
];
