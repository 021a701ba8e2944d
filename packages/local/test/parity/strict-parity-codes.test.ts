import { vectronService as rpc } from "@vectron/core/wire";
import { beforeEach, describe, expect, it } from "vitest";
import { createRequest, expectFailure, point, searchRequest } from "../support/calls.ts";
import { StockServer } from "./stock-server.ts";

let server: StockServer;

beforeEach(() => {
  server = new StockServer();
});

describe("codes", () => {
  const missing = "rpc error: code = NotFound desc = collection 'x' not found";

  it("of a duplicate and of a missing collection are internal, except that of its status", async () => {
    await server.createReady();
    const create = server.call(rpc.createCollection, createRequest());
    await expectFailure(create, "INTERNAL", "FSM failed to create collection");
    await expectFailure(
      server.call(rpc.deleteCollection, { name: "x" }),
      "INTERNAL",
      "FSM failed to delete collection",
    );
    const noWorker = `could not get worker for collection "x": ${missing}`;
    const upsert = server.call(rpc.upsert, { collection: "x", points: [point("a", [1])] });
    await expectFailure(upsert, "INTERNAL", noWorker);
    await expectFailure(server.call(rpc.get, { collection: "x", id: "a" }), "INTERNAL", noWorker);
    await expectFailure(server.call(rpc.delete, { collection: "x", id: "a" }), "INTERNAL", noWorker);
    const noWorkers = `could not list workers for collection "x": ${missing}`;
    await expectFailure(server.call(rpc.search, searchRequest({ collection: "x" })), "INTERNAL", noWorkers);
    await expectFailure(server.callStream(searchRequest({ collection: "x" })), "INTERNAL", noWorkers);
    const status = server.call(rpc.getCollectionStatus, { name: "x" });
    await expectFailure(status, "NOT_FOUND", "collection 'x' not found");
  });

  it("of an empty collection name are internal where nothing checks it", async () => {
    const text =
      'could not get worker for collection "": rpc error: code = InvalidArgument desc = collection name is required';
    await expectFailure(server.call(rpc.get, { collection: "", id: "a" }), "INTERNAL", text);
    await expectFailure(server.call(rpc.delete, { collection: "", id: "a" }), "INTERNAL", text);
  });

  it("are those of the service for what it checks too", async () => {
    await server.createReady();
    const wrong = server.call(rpc.upsert, { collection: "docs", points: [point("a", [1])] });
    await expectFailure(wrong, "INVALID_ARGUMENT", "vector dimension 1 does not match index dimension 2");
    const none = server.call(rpc.upsert, { collection: "docs", points: [] });
    await expectFailure(none, "INVALID_ARGUMENT", "at least one point is required for upsert");
    const query = server.call(rpc.search, searchRequest({ vector: Float32Array.of(1) }));
    await expectFailure(
      query,
      "INVALID_ARGUMENT",
      "search vector dimension 1 does not match index dimension 2",
    );
    const stream = server.callStream(searchRequest({ includeVectors: true }));
    await expectFailure(stream, "INVALID_ARGUMENT", "include_vectors is not supported on SearchStream");
  });
});

describe("what a stock server lets through", () => {
  it("is every dimension and every name of a metric, told back as it was given", async () => {
    for (const distance of ["", "dot", "COSINE", "l2"]) {
      const name = `measured by ${distance}`;
      await server.call(rpc.createCollection, createRequest({ name, dimension: 2 ** 31 - 1, distance }));
      const status = await server.call(rpc.getCollectionStatus, { name });
      expect(status).toMatchObject({ distance, dimension: 2 ** 31 - 1 });
    }
  });

  it("is NaN, which then is never found", async () => {
    await server.createReady();
    await server.upsertVisible(point("nan", [Number.NaN, 1]), point("b", [1, 1]));
    const { point: read } = await server.call(rpc.get, { collection: "docs", id: "nan" });
    expect([...read!.vector]).toEqual([Number.NaN, 1]);
    expect([...(await server.searchAllShards()).keys()]).toEqual(["b"]);
  });
});

describe("lists of collections", () => {
  it("come in no order", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `c${String(i).padStart(2, "0")}`);
    for (const name of names) await server.call(rpc.createCollection, createRequest({ name }));
    const { collections } = await server.call(rpc.listCollections, {});
    expect(collections).not.toEqual(names);
    expect([...collections].sort()).toEqual(names);
  });
});
