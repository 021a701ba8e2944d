import { describe, expect, it } from "vitest";
import { similarity } from "../../src/index.ts";
import { reply } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, QUERY } from "../support.ts";

describe("a handle", () => {
  it("makes the same calls without the name", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const docs = client.collection("docs");
    expect(docs.name).toBe("docs");
    await docs.upsert([{ id: "a", vector: [1] }]);
    await docs.get("a");
    await docs.delete("a");
    await docs.search(QUERY);
    for await (const _ of docs.searchStream(QUERY)) break;
    await docs.getMany(["a"]);
    await docs.deleteMany(["a"]);
    await docs.searchMany([QUERY]);
    await docs.status();
    await docs.waitUntilReady();
    await docs.drop();
    for (const { message } of transport.calls) {
      const { collection, name } = message as { collection?: string; name?: string };
      expect(collection ?? name).toBe("docs");
    }
    expect(new Set(transport.calls.map(({ method }) => method)).size).toBe(7);
  });

  it("sends nothing by itself", () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    client.collection("docs", { distance: "cosine" });
    expect(transport.calls).toEqual([]);
  });

  it("turns scores into similarities", () => {
    const { client } = bench(ALWAYS_REPLY);
    expect(client.collection("docs", { distance: "cosine" }).similarity(0.25)).toBe(0.75);
    expect(client.collection("docs", { distance: "dot" }).similarity(-3)).toBe(3);
    expect(client.collection("docs", { distance: "euclidean" }).similarity(3)).toBe(0.25);
    expect(() => similarity("l2" as never, 1)).toThrow("distance must be one of");
  });

  it("writes and reads payloads through a codec that takes its time", async () => {
    const { clock, client, transport } = bench(({ method }) => {
      const point = { id: "a", vector: new Float32Array(1), payload: { n: "7" }, score: 0 };
      return method === "upsert" ? reply() : reply({ point, results: [point, point] });
    });
    const numbers = client.collection<number>("docs", {
      codec: {
        encode: async (_argument, payload = 0) => ({ n: `${payload}` }),
        decode: async (_where, payload) => Number(payload.n),
      },
    });
    await clock.run(numbers.upsert([{ id: "a", vector: [1], payload: 7 }]));
    expect(transport.calls[0]?.message).toMatchObject({ points: [{ payload: { n: "7" } }] });
    expect((await clock.run(numbers.get("a"))).payload).toBe(7);
    expect((await clock.run(numbers.search(QUERY))).map(({ payload }) => payload)).toEqual([7, 7]);
  });
});
