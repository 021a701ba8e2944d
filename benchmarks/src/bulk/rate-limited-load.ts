import { VectronClient } from "@vectron/node";
import { API_KEY, COLLECTION } from "../clients/bench-client.ts";
import { makePoints } from "../data/points.ts";
import { exactly } from "../harness/spread.ts";
import { formatNumber } from "../report/format.ts";
import type { Bar, Table } from "../report/section-report.ts";
import type { RunSettings } from "../section.ts";
import { startDiscardingGrpcServer } from "../servers/discarding-grpc-server.ts";

const CALLS_PER_SECOND = 100;
const BATCH_POINTS = 16;

/** One load against a server that refuses what goes beyond its limit: a stock gateway's window of a second. */
export async function loadAgainstRateLimit({
  quick,
  log,
}: RunSettings): Promise<{ table: Table; bars: Bar[] }> {
  const requests = CALLS_PER_SECOND * (quick ? 5 : 20);
  log(`${requests} requests against a limit of ${CALLS_PER_SECOND} a second`);
  const server = await startDiscardingGrpcServer({ results: 0, callsPerSecond: CALLS_PER_SECOND });
  try {
    const client = new VectronClient({ host: server.address, apiKey: API_KEY });
    let half: { requests: number; elapsedMs: number } | undefined;
    const report = await client.bulkUpsert(COLLECTION, makePoints(requests * BATCH_POINTS, 128), {
      maxBatchPoints: BATCH_POINTS,
      onProgress({ accepted, elapsedMs }) {
        if (accepted >= (requests * BATCH_POINTS) / 2)
          half ??= { requests: accepted / BATCH_POINTS, elapsedMs };
      },
    });
    await client.close();
    if (half === undefined) throw new Error("the load reported no progress");
    const overall = (requests * 1_000) / report.elapsedMs;
    const settled = ((requests - half.requests) * 1_000) / (report.elapsedMs - half.elapsedMs);
    const refused = report.attempts - requests;
    return {
      table: tableOf({ requests, overall, settled, refused }),
      bars: [
        {
          what: `bulk load against a limit of ${CALLS_PER_SECOND} requests a second: its rate in the second half`,
          limit: { kind: "at least", value: 0.9 * CALLS_PER_SECOND, unit: "requests/s" },
          measured: exactly(settled),
        },
      ],
    };
  } finally {
    await server.stop();
  }
}

interface LimitedLoad {
  readonly requests: number;
  readonly overall: number;
  readonly settled: number;
  readonly refused: number;
}

function tableOf({ requests, overall, settled, refused }: LimitedLoad): Table {
  return {
    title: `A load of ${requests.toLocaleString("en-US")} requests against a server that allows ${CALLS_PER_SECOND} in a window of a second and counts those that it refuses`,
    columns: ["", "requests a second"],
    rows: [
      ["from beginning to end", formatNumber(overall)],
      ["in its second half", formatNumber(settled)],
      [`refused: ${refused} of ${requests + refused}`, ""],
    ],
  };
}
