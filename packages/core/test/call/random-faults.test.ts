import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AttemptRecord,
  type CallObserver,
  type ErrorCode,
  STATUS_CODES,
  VectronError,
} from "../../src/index.ts";
import {
  crash,
  fail,
  hang,
  pass,
  type RecordedCall,
  reply,
  ScriptedTransport,
  type Step,
  stream,
} from "../../src/testing/index.ts";
import { type Bench, bench, collect, countingSignal, QUERY } from "../support.ts";

const CODES = STATUS_CODES.filter((code): code is ErrorCode => code !== "OK");
const TEXTS = [
  "",
  "shard 3 not ready",
  "FSM failed to create collection",
  "rate limit of 100 RPS exceeded",
  "grpc: received message larger than max (2 vs. 1)",
  "rpc error: code = Unavailable desc = down",
  "rpc error: code = NotFound desc = collection 'docs' not found",
];
const HEADERS: readonly Record<string, string>[] = [
  {},
  { "retry-after": "0.05" },
  { "retry-after": "100" },
  { "grpc-retry-pushback-ms": "20" },
  { "grpc-retry-pushback-ms": "-1" },
];

/** What one call went through, as the caller saw it. */
interface Story {
  readonly startMs: number;
  readonly timeoutMs: number;
  readonly endMs: number;
  readonly requestId: string | undefined;
  readonly attempts: readonly AttemptRecord[];
  readonly failed: boolean;
}

/** A random step; random numbers come from the clock of the bench, so that a seed gives one story. */
function randomStep(random: () => number): Step {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const afterMs = Math.floor(random() * 60);
  const ignoreAbort = random() < 0.1;
  const failure = () =>
    fail(pick(CODES), {
      message: pick(TEXTS),
      metadata: pick(HEADERS),
      requestSent: pick(["no", "yes", "unknown"] as const),
      afterMs,
      ignoreAbort,
    });
  const roll = random();
  if (roll < 0.35) return reply(undefined, { afterMs, ignoreAbort });
  if (roll < 0.45) return hang({ ignoreAbort });
  if (roll < 0.5) return crash(new Error("broken"), { afterMs });
  return failure();
}

function randomStreamStep(random: () => number): Step {
  const step = randomStep(random);
  if (step.kind !== "reply") return step;
  const messages = Array.from({ length: Math.floor(random() * 4) }, () => ({ results: [] }));
  const end = random() < 0.5 ? undefined : random() < 0.5 ? hang() : fail("UNAVAILABLE");
  return stream(messages, { ...step.options, everyMs: Math.floor(random() * 20), end });
}

/** Makes one random call and tells its story. */
async function randomCall({ clock, client }: Bench, signal: AbortSignal): Promise<Story> {
  const random = () => clock.random();
  const startMs = clock.now();
  const timeoutMs = 50 + Math.floor(random() * 500);
  let requestId: string | undefined;
  let attempts: readonly AttemptRecord[] = [];
  const options = {
    timeoutMs,
    hedge: random() < 0.5 ? { delayMs: 10 } : false,
    retry: { nonIdempotent: random() < 0.3, maxAttempts: 1 + Math.floor(random() * 4), initialDelayMs: 10 },
    ...(random() < 0.3 && { signal }),
    onResponse: (info: { requestId: string; attempts: readonly AttemptRecord[] }) => {
      ({ requestId, attempts } = info);
    },
  };
  const leaves = random() < 0.3;
  const read = async () => {
    for await (const _ of client.searchStream("docs", QUERY, options)) if (leaves) break;
  };
  const calls: readonly (() => Promise<unknown>)[] = [
    () => client.search("docs", QUERY, options),
    () => client.get("docs", "a", options),
    () => client.upsert("docs", [{ id: "a", vector: [1] }], options),
    () => client.createCollection({ name: "docs", dimension: 1 }, { ...options, waitUntilReady: false }),
    () => client.deleteCollection("docs", options),
    () =>
      client.submitFeedback({ collection: "docs", items: [{ resultId: "a", relevanceScore: 1 }] }, options),
    () => client.listCollections(options),
    read,
  ];
  let failed = false;
  await (calls[Math.floor(random() * calls.length)] ?? read)().catch((error: unknown) => {
    expect(error).toBeInstanceOf(VectronError);
    ({ requestId, attempts } = error as VectronError);
    failed = true;
  });
  return { startMs, timeoutMs, endMs: clock.now(), requestId, attempts, failed };
}

/** Checks what a caller was told against what the transport saw. */
function checkStory(story: Story, sent: readonly RecordedCall[]): void {
  const { startMs, timeoutMs, endMs, attempts } = story;
  expect(endMs).toBeLessThanOrEqual(startMs + timeoutMs);
  expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, index) => index + 1));
  expect(attempts.map((attempt) => startMs + attempt.startMs)).toEqual(
    sent.map(({ startedAtMs }) => startedAtMs),
  );
  for (const [index, attempt] of attempts.entries()) {
    const { outcome, endedAtMs } = sent[index] as RecordedCall;
    expect(startMs + attempt.startMs + attempt.durationMs).toBeLessThanOrEqual(endMs);
    if (outcome === "open") continue;
    // An attempt that was not cut short ended for the caller when it did for the transport.
    if (attempt.code === "OK") expect(outcome).toBe("replied");
    if (outcome === "failed") expect(startMs + attempt.startMs + attempt.durationMs).toBe(endedAtMs);
  }
}

describe("under random faults", () => {
  it("2,000 calls all settle by their deadlines, tell the true story, and leave nothing behind", async () => {
    let running = 0;
    const observer: CallObserver = {
      callStarted: () => void running++,
      callEnded: () => void running--,
    };
    const used = bench(
      ({ method }) => (method === "searchStream" ? randomStreamStep : randomStep)(() => used.clock.random()),
      { clock: { seed: 20_250_601 }, observers: [observer] },
    );
    const { clock, transport } = used;
    const { controller, signal, listeners } = countingSignal();
    const stories: Story[] = [];
    for (let batch = 0; batch < 20; batch++) {
      const calls = Array.from({ length: 100 }, () =>
        randomCall(used, signal).then((story) => {
          stories.push(story);
        }),
      );
      await clock.run(Promise.all(calls));
      expect(listeners()).toBe(0);
    }
    expect(stories).toHaveLength(2_000);
    expect(running).toBe(0);
    controller.abort();

    // Steps that ignore the abort may still wait; nothing of the client's own does.
    await clock.advance(1_000);
    expect(clock.pendingTimers).toBe(0);

    const sentBy = new Map<string | undefined, RecordedCall[]>();
    for (const call of transport.calls) {
      // A look at the server's state after a failure is no attempt.
      if (call.method === "getCollectionStatus") continue;
      const id = call.headers["x-request-id"];
      sentBy.set(id, [...(sentBy.get(id) ?? []), call]);
    }
    const told = stories.filter(({ requestId }) => requestId !== undefined);
    expect(told.length).toBeGreaterThan(1_800);
    for (const story of told) checkStory(story, sentBy.get(story.requestId) ?? []);
    const failures = stories.filter(({ failed }) => failed).length;
    expect(failures).toBeGreaterThan(300);
    expect(stories.length - failures).toBeGreaterThan(300);
  });

  it("any script of any length ends by the deadline", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 2_000 }),
        fc.boolean(),
        async (seed, timeoutMs, streams) => {
          const used = bench(() => (streams ? randomStreamStep : randomStep)(() => used.clock.random()), {
            clock: { seed },
            timeoutMs,
            hedge: { delayMs: 5 },
          });
          const { client, clock } = used;
          const work: Promise<unknown> = streams
            ? collect(client.searchStream("docs", QUERY))
            : client.search("docs", QUERY);
          await clock.run(work.catch(() => {}));
          expect(clock.now()).toBeLessThanOrEqual(timeoutMs);
          await clock.advance(5_000);
          expect(clock.pendingTimers).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("writes under lost answers", () => {
  it("a create has its effect once, and succeeds or fails truthfully", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        let exists = false;
        let creations = 0;
        const server = new ScriptedTransport(({ method }) => {
          if (method === "getCollectionStatus") {
            return exists
              ? reply({ name: "docs", dimension: 1, distance: "euclidean", shards: [] })
              : fail("NOT_FOUND");
          }
          if (exists) return fail("INTERNAL", { message: "FSM failed to create collection" });
          exists = true;
          creations += 1;
          return reply({ success: true });
        });
        const { clock, client } = bench(
          () => {
            const roll = clock.random();
            if (roll < 0.3)
              return pass({ lost: fail("UNAVAILABLE", { message: "reset", requestSent: "unknown" }) });
            if (roll < 0.5) return fail("UNAVAILABLE", { message: "refused", requestSent: "no" });
            if (roll < 0.6) return fail("UNAVAILABLE", { message: "reset", requestSent: "unknown" });
            return pass();
          },
          { clock: { seed }, transport: { behind: server } },
        );
        const ended = await clock.run(
          client.createCollection({ name: "docs", dimension: 1 }, { waitUntilReady: false }).then(
            () => undefined,
            (error: VectronError) => error,
          ),
        );
        expect(creations).toBeLessThanOrEqual(1);
        if (ended === undefined) expect(creations).toBe(1);
        // A failure that says so can be repeated without harm: nothing was created.
        else if (ended.retryable) expect(creations).toBe(0);
        expect(ended?.name).not.toBe("AlreadyExistsError");
      }),
      { numRuns: 500 },
    );
  });
});
