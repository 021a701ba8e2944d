import { describe, expect, it } from "vitest";
import { SettledPrefix } from "../../src/bulk/settled-prefix.ts";
import {
  type BulkCheckpoint,
  type BulkProgress,
  BulkUpsertError,
  InvalidArgumentError,
  TransportFailure,
} from "../../src/index.ts";
import { rejection } from "../support.ts";
import { bulkBench, CountedSource, ids, records } from "./support/bulk-bench.ts";

describe("SettledPrefix", () => {
  it("grows only over what has no gap before it", () => {
    const prefix = new SettledPrefix();
    expect(prefix.length(0)).toBe(0);
    expect(prefix.length(7)).toBe(7);
    const first = prefix.open(7);
    const second = prefix.open(10);
    const third = prefix.open(20);
    prefix.close(second);
    expect(prefix.length(25)).toBe(7);
    first.next = 9;
    expect(prefix.length(25)).toBe(9);
    prefix.close(first);
    expect(prefix.length(25)).toBe(20);
    prefix.close(third);
    expect(prefix.length(25)).toBe(25);
  });
});

describe("resumeFrom", () => {
  it("skips the records that are settled, and counts on from there", async () => {
    const { client, clock, server } = bulkBench({ isPoison: ({ id }) => id === "p70" });
    const report = await clock.run(
      client.bulkUpsert("docs", new CountedSource(records(100)), {
        resumeFrom: { records: 60 },
        onError: "continue",
        maxBatchPoints: 10,
      }),
    );
    expect(report).toMatchObject({ accepted: 39, rejected: [{ id: "p70", index: 70 }] });
    expect([...server.stored.keys()].sort()).toEqual(
      ids(100)
        .slice(60)
        .filter((id) => id !== "p70")
        .sort(),
    );
  });

  it("of a finished load leaves nothing to do", async () => {
    const { client, clock, server } = bulkBench();
    const report = await clock.run(client.bulkUpsert("docs", records(10), { resumeFrom: { records: 10 } }));
    expect(report).toMatchObject({ accepted: 0, attempts: 0 });
    expect(server.requests).toHaveLength(0);
  });

  it("refuses a source that is too short for the checkpoint", async () => {
    const { client, clock } = bulkBench();
    const error = await rejection(
      BulkUpsertError,
      clock.run(client.bulkUpsert("docs", records(9), { resumeFrom: { records: 10 } })),
    );
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(error.message).toMatch(/resumeFrom skips 10 records and the source has only 9/);
  });

  it.each([{ records: -1 }, { records: 1.5 }, { records: "1" }, {}, 7, null, { records: 1, of: "x" }])(
    "cannot be %j",
    async (resumeFrom) => {
      const { client } = bulkBench();
      await rejection(
        InvalidArgumentError,
        client.bulkUpsert("docs", [], { resumeFrom: resumeFrom as never }),
      );
    },
  );

  it("survives JSON, through an outage after every few requests", async () => {
    let outages = 0;
    const { client, clock, server } = bulkBench({
      // Every tenth request fails, and has its effect all the same.
      appliesFaulty: true,
      fault: ({ number }) =>
        number % 10 === 0 ? new TransportFailure("UNAVAILABLE", "killed", { requestSent: "yes" }) : undefined,
    });
    let resumeFrom: BulkCheckpoint | undefined;
    let accepted = 0;
    for (let done = false; !done; ) {
      const load = client.bulkUpsert("docs", new CountedSource(records(500)), {
        maxBatchPoints: 7,
        retry: { maxAttempts: 1 },
        resumeFrom,
      });
      try {
        accepted += (await clock.run(load)).accepted;
        done = true;
      } catch (error) {
        if (!(error instanceof BulkUpsertError)) throw error;
        outages += 1;
        accepted += error.report.accepted;
        expect(error.checkpoint.records).toBeGreaterThanOrEqual(resumeFrom?.records ?? 0);
        resumeFrom = JSON.parse(JSON.stringify(error.checkpoint)) as BulkCheckpoint;
      }
    }
    expect(outages).toBeGreaterThan(3);
    expect(accepted).toBeGreaterThanOrEqual(500);
    expect([...server.stored.keys()].sort()).toEqual(ids(500).sort());
  });
});

describe("the checkpoint", () => {
  it("does not cover a record whose payload is still being encoded", async () => {
    const { client, clock } = bulkBench();
    const slow = client.collection<number>("docs", {
      codec: {
        encode: (_argument, n = 0) => clock.sleep(n === 20 ? 5_000 : 1).then(() => ({})),
        decode: () => 0,
      },
    });
    const seen: number[] = [];
    const controller = new AbortController();
    const load = slow.bulkUpsert(
      Array.from({ length: 30 }, (_, n) => ({ id: `p${n}`, vector: [n], payload: n })),
      {
        maxBatchPoints: 10,
        signal: controller.signal,
        onProgress: ({ checkpoint }) => seen.push(checkpoint.records),
      },
    );
    const rejected = rejection(BulkUpsertError, load);
    await clock.advance(1_000);
    controller.abort();
    expect((await rejected).checkpoint).toEqual({ records: 20 });
    expect(seen).toEqual([10, 20]);
  });

  it("covers no record after one that is still under way", async () => {
    const seen: BulkProgress[] = [];
    const { client, clock, server } = bulkBench({ latencyMs: ({ ids: [id] }) => (id === "p10" ? 500 : 10) });
    await clock.run(
      client.bulkUpsert("docs", records(100), {
        maxBatchPoints: 10,
        concurrency: 4,
        onProgress: (progress) => {
          seen.push(progress);
          for (let index = 0; index < progress.checkpoint.records; index++) {
            expect(server.stored.has(`p${index}`)).toBe(true);
          }
        },
      }),
    );
    const held = seen.filter(({ checkpoint }) => checkpoint.records === 10);
    expect(held.at(-1)?.accepted).toBeGreaterThan(10);
    expect(seen.at(-1)?.checkpoint).toEqual({ records: 100 });
  });
});
