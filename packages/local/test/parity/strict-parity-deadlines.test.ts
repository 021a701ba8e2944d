import { vectronService as rpc } from "@vectron/core/wire";
import { beforeEach, describe, expect, it } from "vitest";
import { expectFailure, point, searchRequest } from "../support/calls.ts";
import { StockServer } from "./stock-server.ts";

let server: StockServer;

beforeEach(() => {
  server = new StockServer();
});

describe("calls without a deadline", () => {
  const forever = { deadline: Number.POSITIVE_INFINITY };
  const refusal = ["INTERNAL", "failed to perform GetVector: deadline not set"] as const;

  beforeEach(() => server.createReady());

  it("fail where the server reads single points", async () => {
    await server.upsertVisible(point("full", [1, 1], { k: "v" }));
    await expectFailure(server.call(rpc.get, { collection: "docs", id: "full" }, forever), ...refusal);
    const outcomes = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const request = searchRequest({ query: `${i}`, includeVectors: true });
      const { length } = (await server.call(rpc.search, request)).results;
      const pending = server.call(rpc.search, request, forever);
      if (length > 0) await expectFailure(pending, ...refusal);
      else await pending;
      outcomes.add(length > 0 ? "refused" : "empty");
    }
    expect([...outcomes].sort()).toEqual(["empty", "refused"]);
  });

  it.each([
    ["a payload that the index has", { k: "v" }, { includeMetadata: true }, false],
    ["an empty payload, not asked for", {}, {}, false],
    ["an empty payload", {}, { includeMetadata: true }, true],
  ] as const)("search with %s", async (_what, payload, flags, refused) => {
    await server.upsertVisible(point("a", [1, 1], payload));
    let hits = 0;
    for (let i = 0; i < 300; i++) {
      const request = searchRequest({ query: `${i}`, ...flags });
      const { length } = (await server.call(rpc.search, request)).results;
      hits += length;
      const pending = server.call(rpc.search, request, forever);
      if (refused && length > 0) await expectFailure(pending, ...refusal);
      else expect((await pending).results).toHaveLength(length);
    }
    expect(hits).toBeGreaterThan(0);
  });

  it("are fine elsewhere", async () => {
    const upsert = { collection: "docs", points: [point("a", [1, 1])] };
    expect(await server.call(rpc.upsert, upsert, forever)).toEqual({ upserted: 1 });
    expect(await server.call(rpc.delete, { collection: "docs", id: "a" }, forever)).toEqual({});
    expect(await server.call(rpc.listCollections, {}, forever)).toEqual({ collections: ["docs"] });
  });
});
