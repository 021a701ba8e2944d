import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type BulkCheckpoint,
  type BulkOptions,
  type BulkProgress,
  type BulkReport,
  BulkUpsertError,
  type PointInput,
  TransportFailure,
  VectronClient,
} from "../../src/index.ts";
import { VirtualClock } from "../../src/testing/index.ts";
import { CountedSource } from "./support/bulk-bench.ts";
import { type StoreRequest, StoreServer } from "./support/store-server.ts";

/** What one record of a random source is. */
type Kind = "good" | "poison" | "wrong" | "huge";

interface Case {
  readonly kinds: readonly Kind[];
  readonly idCount: number;
  readonly options: BulkOptions;
  readonly rateLimit: number | undefined;
  readonly maxRequestBytes: number;
  /** Which requests fail, in percent, and whether those have their effect all the same. */
  readonly outages: number;
  readonly appliesFaulty: boolean;
  readonly latencyMs: number;
  readonly seed: number;
}

const HUGE = 5_000;

const kind: fc.Arbitrary<Kind> = fc.oneof(
  { weight: 40, arbitrary: fc.constant<Kind>("good") },
  { weight: 1, arbitrary: fc.constantFrom<Kind>("poison", "wrong", "huge") },
);

const anyCase: fc.Arbitrary<Case> = fc.record({
  kinds: fc.array(kind, { maxLength: 300, size: "max" }),
  idCount: fc.constantFrom(1, 7, 50, 10_000),
  options: fc.record({
    maxBatchPoints: fc.integer({ min: 1, max: 40 }),
    maxBatchBytes: fc.integer({ min: 50, max: 4_000 }),
    concurrency: fc.integer({ min: 1, max: 8 }),
    onError: fc.constantFrom<"stop" | "continue">("stop", "continue"),
  }),
  rateLimit: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
  maxRequestBytes: fc.integer({ min: 300, max: 4_000 }),
  outages: fc.constantFrom(0, 0, 2, 10),
  appliesFaulty: fc.boolean(),
  latencyMs: fc.integer({ min: 1, max: 200 }),
  seed: fc.integer(),
});

/** The records: each has its place as its vector, so that it is known which of an id's was stored last. */
function sourceOf({ kinds, idCount }: Case): PointInput[] {
  return kinds.map((kind, index) => {
    const id = kind === "good" ? `p${index % idCount}` : `${kind}${index}`;
    if (kind === "wrong") return { id, vector: [Number.NaN] };
    return { id, vector: [index], ...(kind === "huge" && { payload: { text: "x".repeat(HUGE) } }) };
  });
}

/** Whether a request fails, by its number, and how long it takes: the same on every run of a case. */
function chance({ seed }: Case, { number }: StoreRequest): number {
  return new VirtualClock({ seed: seed + number * 7_919 }).random();
}

interface Outcome {
  readonly reports: readonly BulkReport[];
  readonly server: StoreServer;
}

/** Loads a case to its end, through every stop, with the checkpoint; checks on the way what must always hold. */
async function load(test: Case): Promise<Outcome> {
  const clock = new VirtualClock({ startMs: 0, seed: test.seed });
  const server = new StoreServer({
    ...test,
    runtime: clock,
    latencyMs: (request) => test.latencyMs * (0.5 + chance(test, request)),
    isPoison: ({ id }) => id.startsWith("poison"),
    fault: (request) =>
      chance(test, request) * 100 < test.outages
        ? new TransportFailure("UNAVAILABLE", "an outage", { requestSent: "yes" })
        : undefined,
  });
  const client = new VectronClient(server, { timeoutMs: 600_000 }, clock);
  const source = sourceOf(test);
  const reports: BulkReport[] = [];
  let resumeFrom: BulkCheckpoint | undefined;
  for (;;) {
    const result = await loadOnce({ test, clock, client, source, resumeFrom });
    reports.push(result.report);
    expect(clock.pendingTimers).toBe(0);
    expect(server.inFlight).toBe(0);
    if (result.checkpoint === undefined) break;
    // Whatever stops a load for good would stop it for ever.
    expect(reports.length).toBeLessThan(400);
    resumeFrom = result.checkpoint;
  }
  expect(reports.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(server.requests.length);
  return { reports, server };
}

interface Run {
  readonly test: Case;
  readonly clock: VirtualClock;
  readonly client: VectronClient;
  readonly source: readonly PointInput[];
  readonly resumeFrom: BulkCheckpoint | undefined;
}

async function loadOnce({ test, clock, client, source, resumeFrom }: Run) {
  const { concurrency = 8, maxBatchPoints = 480 } = test.options;
  const skip = resumeFrom?.records ?? 0;
  let prefix = skip;
  let settled = skip;
  let held = 0;
  const counted: CountedSource = new CountedSource(source, () => {
    held = Math.max(held, counted.pulled - settled);
  });
  const onProgress = ({ checkpoint, accepted, rejected }: BulkProgress) => {
    expect(checkpoint.records).toBeGreaterThanOrEqual(prefix);
    prefix = checkpoint.records;
    settled = skip + accepted + rejected;
  };
  try {
    const options = { ...test.options, resumeFrom, onProgress };
    const report = await clock.run(client.bulkUpsert("docs", counted, options));
    expect(counted).toMatchObject({ pulled: source.length, returned: 0 });
    expect(report.accepted + report.rejected.length).toBe(source.length - skip);
    return { report, checkpoint: undefined };
  } catch (error) {
    if (!(error instanceof BulkUpsertError)) throw error;
    const { report, checkpoint } = error;
    expect(checkpoint.records).toBeGreaterThanOrEqual(prefix);
    expect(checkpoint.records).toBeLessThanOrEqual(counted.pulled);
    // What is settled beyond the prefix is settled too.
    expect(report.accepted + report.rejected.length).toBeGreaterThanOrEqual(checkpoint.records - skip);
    expect(counted.returned).toBe(counted.pulled < source.length || counted.returned === 1 ? 1 : 0);
    return { report, checkpoint };
  } finally {
    // Records that are refused before they are sent are held by nobody.
    const wrong = test.kinds.filter((kind) => kind === "wrong" || kind === "huge").length;
    expect(held).toBeLessThanOrEqual((concurrency + 1) * maxBatchPoints + 1 + wrong);
  }
}

function latestGood(source: readonly PointInput[], test: Case): Map<string, number> {
  const latest = new Map<string, number>();
  source.forEach(({ id }, index) => {
    if (test.kinds[index] === "good") latest.set(id, index);
  });
  return latest;
}

it("any load, through any faults, writes every good record once and for all, and names every other", async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, async (test) => {
      const { reports, server } = await load(test);
      const source = sourceOf(test);
      const stored = new Map([...server.stored].map(([id, { vector }]) => [id, vector[0]]));
      expect(stored).toEqual(latestGood(source, test));
      expect(server.overlapped).toBe(false);
      expect(server.failedAttemptsIntact).toBe(true);
      expect(server.mostInFlight).toBeLessThanOrEqual(test.options.concurrency ?? 8);

      const rejected = new Map(reports.flatMap((report) => report.rejected.map((one) => [one.index, one])));
      const bad = test.kinds.flatMap((kind, index) => (kind === "good" ? [] : [index]));
      expect([...rejected.keys()].sort((a, b) => a - b)).toEqual(bad);
      for (const [index, { id, error }] of rejected) {
        expect(id).toBe(source[index]?.id);
        const code = test.kinds[index] === "huge" ? "RESOURCE_EXHAUSTED" : "INVALID_ARGUMENT";
        expect(error).toMatchObject({ code });
      }
    }),
    { numRuns: 400 },
  );
}, 120_000);
