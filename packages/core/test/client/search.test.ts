import { describe, expect, it } from "vitest";
import type { ResponseInfo } from "../../src/index.ts";
import { reply, type Step } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, QUERY } from "../support.ts";

describe("a search", () => {
  const hits = (count: number): Step =>
    reply({
      results: Array.from({ length: count }, (_, index) => ({
        id: `${index}`,
        score: index,
        payload: { k: "v" },
        vector: new Float32Array([index]),
      })),
    });

  it("sends every part of its query", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await client.search("docs", {
      vector: [1],
      topK: 3,
      includePayload: false,
      includeVectors: true,
      query: "text",
      workerTimeoutMs: 70,
    });
    expect(transport.calls[0]?.message).toEqual({
      collection: "docs",
      vector: new Float32Array([1]),
      topK: 3,
      includeMetadata: false,
      includeVectors: true,
      query: "text",
      timeoutMs: 70,
    });
  });

  it("brings payloads and no vectors unless something else is said", async () => {
    const { client } = bench(() => hits(1));
    expect(await client.search("docs", QUERY)).toEqual([{ id: "0", score: 0, payload: { k: "v" } }]);
    expect(await client.search("docs", { ...QUERY, includePayload: false })).toEqual([{ id: "0", score: 0 }]);
    expect(await client.search("docs", { ...QUERY, includeVectors: true })).toEqual([
      { id: "0", score: 0, payload: { k: "v" }, vector: new Float32Array([0]) },
    ]);
  });

  it.each([
    [10, 200, {}, undefined],
    [100, 200, {}, "at most 100 per shard"],
    [300, 500, {}, "at most 100 per shard"],
    [100, 100, {}, undefined],
    [0, 200, {}, undefined],
    [10, 10, { workerTimeoutMs: 5 }, "results may be partial"],
  ])("of %d hits for topK %d %j warns of what may be missing", async (count, topK, more, warning) => {
    const infos: ResponseInfo[] = [];
    const { client, transport } = bench([hits(count)]);
    await client.search("docs", { ...QUERY, topK, ...more }, { onResponse: (info) => infos.push(info) });
    expect(infos[0]?.warnings).toEqual(warning === undefined ? [] : [expect.stringContaining(warning)]);
    expect(transport.calls).toHaveLength(1);
  });

  it("are all there are when they come from an engine in this program", async () => {
    const infos: ResponseInfo[] = [];
    const { client } = bench([hits(100)], { transport: { capabilities: { name: "in-process" } } });
    await client.search("docs", { ...QUERY, topK: 200 }, { onResponse: (info) => infos.push(info) });
    expect(infos[0]?.warnings).toEqual([]);
  });
});
