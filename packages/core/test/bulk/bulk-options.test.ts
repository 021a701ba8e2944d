import { describe, expect, it } from "vitest";
import {
  type BulkOptions,
  BulkUpsertError,
  InvalidArgumentError,
  TransportFailure,
} from "../../src/index.ts";
import { rejection } from "../support.ts";
import { bulkBench, records } from "./support/bulk-bench.ts";

const WRONG: readonly [keyof BulkOptions, readonly unknown[]][] = [
  ["concurrency", [0, 1_025, 1.5, "8", null]],
  ["maxBatchPoints", [0, 100_001, Number.NaN, null]],
  ["maxBatchBytes", [0, 2 ** 31, "1 MiB"]],
  ["onProgress", [7, "log"]],
  ["onError", ["ignore", "", true, null]],
  ["maxRejected", [0, 10_000_001, null]],
  ["resumeFrom", [5, "5", {}]],
  ["signal", [{}, 7]],
  ["timeoutMs", [0, -1, "10"]],
  ["headers", [{ authorization: "Bearer x" }, { "x-a": "ä" }, 7]],
  ["retry", [7, { maxAttempts: 0 }, { tries: 3 }]],
];

describe.each(WRONG)("%s", (key, values) => {
  it.each(values)("refuses %j, by name and before anything is sent", async (value) => {
    const { client, server } = bulkBench();
    const load = client.bulkUpsert("docs", records(1), { [key]: value } as BulkOptions);
    const error = await rejection(InvalidArgumentError, load);
    expect(error.message).toContain(`options.${key}`);
    expect(server.requests).toHaveLength(0);
  });

  it("has its default where it is undefined", async () => {
    const { client, clock } = bulkBench();
    const load = client.bulkUpsert("docs", records(600), { [key]: undefined });
    expect(await clock.run(load)).toMatchObject({ accepted: 600, attempts: 2 });
  });
});

it.each(["batchSize", "hedge", "onResponse", "dimension"])("has no option %s", async (key) => {
  const { client } = bulkBench();
  const load = client.bulkUpsert("docs", [], { [key]: 1 } as BulkOptions);
  const error = await rejection(InvalidArgumentError, load);
  expect(error.message).toMatch(new RegExp(`^options has no option "${key}"; it has concurrency, `));
});

it.each([undefined, "", 7, "\ud800"])("the collection cannot be %j", async (collection) => {
  const { client } = bulkBench();
  await rejection(InvalidArgumentError, client.bulkUpsert(collection as string, []));
});

it("headers go with every request", async () => {
  const { client, clock, server } = bulkBench();
  await clock.run(
    client.bulkUpsert("docs", records(30), { headers: { "X-Tenant": "blue" }, maxBatchPoints: 10 }),
  );
  expect(server.requests.map(({ headers }) => headers["x-tenant"])).toEqual(["blue", "blue", "blue"]);
});

it("retry changes the client's own options", async () => {
  const fault = () => new TransportFailure("UNAVAILABLE", "gone", { requestSent: "yes" });
  for (const maxAttempts of [1, 2, 4]) {
    const { client, clock, server } = bulkBench({ fault });
    const load = client.bulkUpsert("docs", records(5), { retry: { maxAttempts } });
    const error = await rejection(BulkUpsertError, clock.run(load));
    expect(server.requests).toHaveLength(maxAttempts);
    expect(error.report.attempts).toBe(maxAttempts);
  }
});

it("the client's retry codes hold where the load says nothing", async () => {
  const fault = () => new TransportFailure("ABORTED", "conflict", { requestSent: "yes" });
  const { client, clock, server } = bulkBench({ fault }, { retry: { codes: ["ABORTED"], maxAttempts: 3 } });
  await rejection(BulkUpsertError, clock.run(client.bulkUpsert("docs", records(5))));
  expect(server.requests).toHaveLength(3);
});

/** What can be seen of a load with such options; compared with one that has none of them. */
const loaded =
  (store: Parameters<typeof bulkBench>[0] = {}, base: BulkOptions = {}) =>
  async (options: BulkOptions): Promise<unknown> => {
    const { client, clock, server } = bulkBench(store);
    const load = client.bulkUpsert("docs", records(1_200), { ...base, ...options });
    const end = await clock.run(
      load.then(
        ({ accepted, rejected }) => [accepted, rejected.length],
        (error: BulkUpsertError) => [error.name, error.code],
      ),
    );
    const requests = server.requests.map(({ ids, headers, deadline }) => [
      ids.length,
      headers["x-team"],
      deadline,
    ]);
    return [end, server.mostInFlight, requests];
  };

const isPoison = ({ id }: { readonly id: string }) => id === "p3" || id === "p4";
const firstFails = ({ number }: { readonly number: number }) =>
  number === 1 ? new TransportFailure("UNAVAILABLE", "down") : undefined;

let reports = 0;

const EFFECTS: {
  readonly [K in keyof Required<BulkOptions>]: readonly [BulkOptions[K], typeof observeReports];
} = {
  concurrency: [1, loaded()],
  maxBatchPoints: [100, loaded()],
  maxBatchBytes: [1_000, loaded()],
  onProgress: [() => void reports++, observeReports],
  onRejected: [() => void reports++, observeReports],
  onError: ["continue", loaded({ isPoison })],
  maxRejected: [1, loaded({ isPoison }, { onError: "continue" })],
  resumeFrom: [{ records: 100 }, loaded()],
  signal: [AbortSignal.abort(), loaded()],
  timeoutMs: [5_000, loaded()],
  headers: [{ "x-team": "search" }, loaded()],
  retry: [{ maxAttempts: 1 }, loaded({ fault: firstFails })],
};

async function observeReports(options: BulkOptions): Promise<unknown> {
  reports = 0;
  await loaded({ isPoison }, { onError: "continue" })(options);
  return reports > 0;
}

it.each(Object.entries(EFFECTS))("%s has an effect", async (key, [value, observe]) => {
  expect(await observe({ [key]: value })).not.toEqual(await observe({}));
});
