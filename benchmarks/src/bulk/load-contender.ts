import { VectronClient } from "@vectron/node";
import { API_KEY, COLLECTION } from "../clients/bench-client.ts";
import { ExistingClient } from "../clients/existing-client.ts";
import { openRawGrpc } from "../clients/raw-grpc.ts";
import { makePoints, withNumbers } from "../data/points.ts";
import { callInFlight } from "../harness/in-flight.ts";
import type { Prepared } from "../harness/process-contender.ts";

/** One operation is one load of all the points. */
export interface LoadTask {
  readonly loader: LoaderName;
  readonly address: string;
  readonly points: number;
  readonly dimension: number;
}

/** Both clients send that many points in a request, ... */
export const BATCH_POINTS = 256;
/** ... and have that many requests under way. */
export const CONCURRENCY = 8;

/** How points are loaded, by the name that tables give it. */
const LOADERS = {
  "grpc-js, prepared bytes (the floor)": ({ address, points, dimension }: LoadTask) => {
    const batch = makePoints(BATCH_POINTS, dimension);
    const { upsert } = openRawGrpc({ address, points: batch, query: new Float32Array(dimension) });
    return async () => {
      await callInFlight(upsert, points / BATCH_POINTS, CONCURRENCY);
      return points;
    };
  },
  "@vectron/node bulkUpsert, async iterable of Float32Array": ({ address, points, dimension }: LoadTask) =>
    bulkLoader(address, makePoints(points, dimension)),
  "@vectron/node bulkUpsert, async iterable of number[]": ({ address, points, dimension }: LoadTask) =>
    bulkLoader(address, withNumbers(makePoints(points, dimension))),
  "existing client's upsertBatch, array of number[]": ({ address, points, dimension }: LoadTask) => {
    const client = new ExistingClient(address);
    const records = withNumbers(makePoints(points, dimension));
    return () =>
      client.upsertBatch(COLLECTION, records, { batchSize: BATCH_POINTS, concurrency: CONCURRENCY });
  },
} as const;

export type LoaderName = keyof typeof LOADERS;
export const LOADER_NAMES = Object.keys(LOADERS) as LoaderName[];

type Records = Parameters<VectronClient["upsert"]>[1];

function bulkLoader(address: string, records: Records): () => Promise<number> {
  const client = new VectronClient({ host: address, apiKey: API_KEY });
  return async () => {
    const report = await client.bulkUpsert(COLLECTION, iterate(records), {
      maxBatchPoints: BATCH_POINTS,
      concurrency: CONCURRENCY,
    });
    return report.accepted;
  };
}

async function* iterate<T>(records: readonly T[]): AsyncGenerator<T> {
  yield* records;
}

export function prepare(task: LoadTask): Prepared {
  const load = LOADERS[task.loader](task);
  return {
    async run(operations) {
      for (let done = 0; done < operations; done++) {
        const written = await load();
        if (written !== task.points) throw new Error(`${written} of ${task.points} points were written`);
      }
    },
  };
}
