import { describe, expect, it } from "vitest";
import { InternalServerError, NotFoundError } from "../../src/index.ts";
import { fail, reply, type Script, type Step } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, rejection } from "../support.ts";
import { MISSING_COLLECTION, missingPoint } from "./missing.ts";

describe("many calls", () => {
  const IDS = Array.from({ length: 50 }, (_, index) => `id-${index}`);

  /** Answers each id's call after a time of its own, and counts what runs at once. */
  function concurrent(): { readonly script: Script; most(): number } {
    let running = 0;
    let most = 0;
    return {
      most: () => most,
      script: ({ number }) => {
        running += 1;
        most = Math.max(most, running);
        const message = ({ id }: { id: string }) => {
          running -= 1;
          return { point: { id, vector: new Float32Array(1), payload: {} } };
        };
        return reply(message as never, { afterMs: 1 + ((number * 7) % 13) });
      },
    };
  }

  it("keep their order, a bounded number at once", async () => {
    for (const concurrency of [undefined, 1, 7, 1_024]) {
      const { script, most } = concurrent();
      const { clock, client } = bench(script);
      const points = await clock.run(client.getMany("docs", IDS, { concurrency }));
      expect(points.map((point) => point?.id)).toEqual(IDS);
      expect(most()).toBe(Math.min(IDS.length, concurrency ?? 16));
    }
  });

  it("may be none", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    expect(await client.getMany("docs", [])).toEqual([]);
    expect(await client.searchMany("docs", [])).toEqual([]);
    expect(await client.deleteMany("docs", [])).toBeUndefined();
    expect(transport.calls).toEqual([]);
  });

  const byId =
    (failures: Readonly<Record<string, Step>>): Script =>
    ({ message }) =>
      failures[(message as { id: string }).id] ?? reply();

  it("give undefined for a point that is missing", async () => {
    const { client } = bench(byId({ b: missingPoint("b") }));
    const points = await client.getMany("docs", ["a", "b", "c"]);
    expect(points.map((point) => point?.id)).toEqual(["a", undefined, "c"]);
  });

  it("reject for a collection that is missing", async () => {
    const { client } = bench(() => MISSING_COLLECTION);
    await rejection(NotFoundError, client.getMany("docs", ["a", "b"]));
  });

  it("reject with the first failure, and begin nothing more", async () => {
    const { clock, client, transport } = bench(byId({ "id-3": fail("INTERNAL", { message: "disk full" }) }));
    await clock.run(rejection(InternalServerError, client.deleteMany("docs", IDS, { concurrency: 4 })));
    const sent = transport.calls.length;
    expect(sent).toBeLessThan(12);
    await clock.advance(1_000);
    expect(transport.calls).toHaveLength(sent);
  });

  it("settle each for itself when asked to", async () => {
    const { client } = bench(byId({ b: fail("INTERNAL"), c: missingPoint("c") }));
    const results = await client.getMany("docs", ["a", "b", "c"], { settled: true });
    expect(results).toMatchObject([
      { status: "fulfilled", value: { id: "a" } },
      { status: "rejected", error: { name: "InternalServerError" } },
      { status: "fulfilled", value: undefined },
    ]);
    const deleted = await client.deleteMany("docs", ["a", "b"], { settled: true });
    expect(deleted.map((result) => result.status)).toEqual(["fulfilled", "rejected"]);
  });

  it("search each query", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    expect(await client.searchMany("docs", [{ vector: [1] }, { vector: [2], topK: 1 }])).toEqual([[], []]);
    expect(transport.calls.map(({ message }) => (message as { topK: number }).topK)).toEqual([10, 1]);
  });

  it("give each request the time of one", async () => {
    const { clock, client } = bench(() => reply(undefined, { afterMs: 80 }), { timeoutMs: 100 });
    await clock.run(client.getMany("docs", IDS, { concurrency: 1 }));
    expect(clock.now()).toBe(50 * 80);
  });
});
