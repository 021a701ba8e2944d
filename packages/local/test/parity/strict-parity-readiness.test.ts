import { vectronService as rpc } from "@vectron/core/wire";
import { beforeEach, describe, expect, it } from "vitest";
import { shardOf } from "../../src/parity/shards.ts";
import { createRequest, expectFailure, point, searchRequest } from "../support/calls.ts";
import { ELECTION_MS, READY_MS, StockServer, USABLE_MS } from "./stock-server.ts";

let server: StockServer;

beforeEach(() => {
  server = new StockServer();
});

describe("readiness", () => {
  const stale = "stale shard epoch (have 1, want 0)";

  async function states() {
    const { shards } = await server.call(rpc.getCollectionStatus, { name: "docs" });
    return new Set(shards.map(({ ready, leaderId }) => `${ready} ${leaderId}`));
  }

  it("comes late, first to calls and then to the status", async () => {
    await server.call(rpc.createCollection, createRequest());
    const shardId = 1 + shardOf("a");
    const get = { collection: "docs", id: "a" };
    const upsert = { collection: "docs", points: [point("a", [1, 2])] };
    expect(await states()).toEqual(new Set(["false 0"]));

    const unassigned = `rpc error: code = FailedPrecondition desc = ${stale}`;
    await expectFailure(server.call(rpc.get, get), "FAILED_PRECONDITION", stale);
    await expectFailure(server.call(rpc.delete, get), "FAILED_PRECONDITION", stale);
    await expectFailure(
      server.call(rpc.upsert, upsert),
      "INTERNAL",
      `failed to upsert batch for shard ${shardId}: ${unassigned}`,
    );
    await expectFailure(
      server.call(rpc.search, searchRequest()),
      "INTERNAL",
      `worker 127.0.0.1:10007 search failed: ${unassigned}`,
    );
    await expectFailure(
      server.call(rpc.search, searchRequest({ timeoutMs: 50 })),
      "DEADLINE_EXCEEDED",
      `search timed out before any results were returned: ${unassigned}`,
    );

    server.elapse(USABLE_MS - ELECTION_MS);
    const notReady = `shard ${shardId} not ready`;
    await expectFailure(server.call(rpc.get, get), "UNAVAILABLE", notReady);
    await expectFailure(server.call(rpc.delete, get), "UNAVAILABLE", notReady);
    await expectFailure(
      server.call(rpc.upsert, upsert),
      "INTERNAL",
      `failed to upsert batch for shard ${shardId}: rpc error: code = Unavailable desc = ${notReady}`,
    );
    await expectFailure(
      server.call(rpc.search, searchRequest()),
      "INTERNAL",
      "worker 127.0.0.1:10007 search failed: rpc error: code = Unknown desc = cluster not found",
    );

    server.elapse(ELECTION_MS);
    expect(await server.call(rpc.upsert, upsert)).toEqual({ upserted: 1 });
    expect(await states()).toEqual(new Set(["false 0"]));

    server.elapse(READY_MS - USABLE_MS);
    expect(await states()).toEqual(new Set(["true 1"]));
  });

  it("is waited for by an upsert while leaders are elected", async () => {
    await server.call(rpc.createCollection, createRequest());
    server.elapse(USABLE_MS - 1);
    const pending = server.call(rpc.upsert, { collection: "docs", points: [point("a", [1, 2])] });
    server.elapse(1);
    expect(await pending).toEqual({ upserted: 1 });
  });

  it("is of sixteen shards, numbered on, in no order", async () => {
    await server.createReady({ name: "first" });
    await server.createReady();
    const ids = async () =>
      (await server.call(rpc.getCollectionStatus, { name: "docs" })).shards.map(({ shardId }) => shardId);
    const once = await ids();
    expect([...once].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => 17 + i));
    expect(await ids()).not.toEqual(once);
  });
});
