import type { ConformanceCase } from "../conformance-case.ts";
import { accountCases } from "./account.ts";
import { authCases } from "./auth.ts";
import { bulkCases } from "./bulk.ts";
import { bulkWriterCases } from "./bulk-writer.ts";
import { cancellationCases } from "./cancellation.ts";
import { closingCases } from "./closing.ts";
import { collectionCases } from "./collections.ts";
import { concurrencyCases } from "./concurrency.ts";
import { deadlineCases } from "./deadlines.ts";
import { failureCases } from "./failures.ts";
import { handleCases } from "./handles.ts";
import { idCases } from "./ids.ts";
import { interceptorCases } from "./interceptors.ts";
import { invalidCollectionCases } from "./invalid-collections.ts";
import { invalidOptionCases } from "./invalid-options.ts";
import { invalidPointCases } from "./invalid-points.ts";
import { invalidSearchCases } from "./invalid-searches.ts";
import { manyCases } from "./many.ts";
import { payloadCases } from "./payloads.ts";
import { pointCases } from "./points.ts";
import { readinessCases } from "./readiness.ts";
import { responseCases } from "./responses.ts";
import { scoreCases } from "./scores.ts";
import { searchCases } from "./search.ts";
import { streamingCases } from "./streaming.ts";
import { upsertCases } from "./upsert.ts";
import { vectorCases } from "./vectors.ts";
import { volumeCases } from "./volume.ts";

/** The suite. */
export const allCases: readonly ConformanceCase[] = [
  ...collectionCases,
  ...readinessCases,
  ...upsertCases,
  ...pointCases,
  ...idCases,
  ...vectorCases,
  ...payloadCases,
  ...searchCases,
  ...scoreCases,
  ...streamingCases,
  ...manyCases,
  ...bulkCases,
  ...bulkWriterCases,
  ...handleCases,
  ...volumeCases,
  ...accountCases,
  ...invalidCollectionCases,
  ...invalidPointCases,
  ...invalidSearchCases,
  ...invalidOptionCases,
  ...deadlineCases,
  ...cancellationCases,
  ...closingCases,
  ...concurrencyCases,
  ...interceptorCases,
  ...responseCases,
  ...authCases,
  ...failureCases,
];
