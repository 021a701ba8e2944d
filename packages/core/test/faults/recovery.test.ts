import { describe, expect, it } from "vitest";
import {
  AlreadyExistsError,
  type CreateCollectionOptions,
  DeadlineExceededError,
  InternalServerError,
  NotFoundError,
  UnavailableError,
  type VectronClient,
} from "../../src/index.ts";
import { type FailStep, fail, hang, reply, type ScriptedTransport } from "../../src/testing/index.ts";
import { bench, collect, QUERY, rejection } from "../support.ts";

const status = (dimension = 2, distance = "cosine") =>
  reply({ name: "docs", dimension, distance, shards: [] });
const MISSING = fail("NOT_FOUND", { message: "collection 'docs' not found" });
const REFUSED = fail("INTERNAL", { message: "FSM failed to create collection" });
const LOST = fail("UNAVAILABLE", { message: "connection reset", requestSent: "yes" });
const NEVER_SENT = fail("UNAVAILABLE", { message: "connection refused", requestSent: "no" });
const TIMED_OUT = fail("INTERNAL", {
  message: "failed to propose command: failed to propose command: timeout",
});
const DOWN = fail("UNAVAILABLE", { message: "connection refused" });

const methods = ({ calls }: ScriptedTransport) => calls.map(({ method }) => method);

describe("createCollection", () => {
  const create = (client: VectronClient, options?: CreateCollectionOptions) =>
    client.createCollection(
      { name: "docs", dimension: 2, distance: "cosine" },
      { waitUntilReady: false, ...options },
    );

  it.each([
    ["of the same shape", status()],
    ["of another dimension", status(3)],
    ["of another distance", status(2, "euclidean")],
  ])("is an AlreadyExistsError when it is refused and there is a collection %s", async (_shape, there) => {
    const { clock, client, transport } = bench({ createCollection: [REFUSED], getCollectionStatus: [there] });
    const error = await clock.run(rejection(AlreadyExistsError, create(client)));
    expect(error.message).toContain("collection 'docs' already exists, with dimension");
    expect(error).toMatchObject({ code: "ALREADY_EXISTS", method: "CreateCollection", collection: "docs" });
    expect(error.attempts).toMatchObject([{ code: "INTERNAL", message: "FSM failed to create collection" }]);
    expect(transport.unusedSteps).toEqual([]);
  });

  it("is retried when it is refused and there is no such collection: no worker was there to take it", async () => {
    const { clock, client, transport } = bench({
      createCollection: [REFUSED, reply()],
      getCollectionStatus: [MISSING],
    });
    await clock.run(create(client));
    expect(methods(transport)).toEqual(["createCollection", "getCollectionStatus", "createCollection"]);
  });

  it("is an UnavailableError when no worker comes", async () => {
    const { clock, client } = bench(({ method }) => (method === "createCollection" ? REFUSED : MISSING));
    const error = await clock.run(rejection(UnavailableError, create(client)));
    expect(error.message).toContain("no worker of the cluster is ready to take it");
    expect(error.retryable).toBe(true);
    expect(error.attempts).toHaveLength(3);
  });

  it("keeps the server's error when it is refused and its state cannot be read", async () => {
    const { clock, client } = bench({ createCollection: [REFUSED], getCollectionStatus: [DOWN] });
    const error = await clock.run(rejection(InternalServerError, create(client)));
    expect(error.message).toContain("FSM failed to create collection");
  });

  it.each<[string, FailStep]>([
    ["was lost", LOST],
    ["timed out in the cluster", TIMED_OUT],
    ["is unknown", fail("UNKNOWN", { requestSent: "unknown" })],
    ["came too late", fail("DEADLINE_EXCEEDED")],
  ])("succeeds when its answer %s and the collection is there", async (_how, step) => {
    const { clock, client, transport } = bench({ createCollection: [step], getCollectionStatus: [status()] });
    await clock.run(create(client));
    expect(transport.unusedSteps).toEqual([]);
  });

  it.each([
    ["another dimension", status(3)],
    ["another distance", status(2, "euclidean")],
  ])("is an AlreadyExistsError when its answer was lost and the collection has %s", async (_what, there) => {
    const { clock, client } = bench({ createCollection: [LOST], getCollectionStatus: [there] });
    await clock.run(rejection(AlreadyExistsError, create(client)));
  });

  it("is sent again when its answer was lost and the collection is not there", async () => {
    const { clock, client, transport } = bench({
      createCollection: [LOST, reply()],
      getCollectionStatus: [MISSING],
    });
    await clock.run(create(client));
    expect(transport.unusedSteps).toEqual([]);
  });

  it("is not sent again when its answer was lost and the state cannot be read", async () => {
    const { clock, client } = bench({ createCollection: [LOST], getCollectionStatus: [DOWN] });
    const error = await clock.run(rejection(UnavailableError, create(client)));
    expect(error.retryable).toBe(false);
    expect(error.message).toContain("connection reset");
  });

  it("is sent again without a look when nothing was sent", async () => {
    const { clock, client, transport } = bench({ createCollection: [NEVER_SENT, reply()] });
    await clock.run(create(client));
    expect(methods(transport)).toEqual(["createCollection", "createCollection"]);
  });

  it.each<[string, FailStep]>([
    ["a stock server refuses", REFUSED],
    ["a server says exists", fail("ALREADY_EXISTS", { message: "collection 'docs' already exists" })],
  ])(
    "succeeds when an attempt was ambiguous, and its repetition %s because of the first",
    async (_how, refusal) => {
      const { clock, client, transport } = bench(
        { createCollection: [LOST, refusal], getCollectionStatus: [DOWN, status()] },
        { retry: { nonIdempotent: true } },
      );
      await clock.run(create(client));
      expect(transport.unusedSteps).toEqual([]);
    },
  );

  it("succeeds when the cluster made it only after a look had not found it", async () => {
    const { clock, client, transport } = bench({
      createCollection: [LOST, REFUSED],
      getCollectionStatus: [MISSING, status()],
    });
    await clock.run(create(client));
    expect(transport.unusedSteps).toEqual([]);
  });

  it("does not take for its own what appears between two refusals", async () => {
    const { clock, client } = bench({
      createCollection: [REFUSED, REFUSED],
      getCollectionStatus: [MISSING, status()],
    });
    await clock.run(rejection(AlreadyExistsError, create(client)));
  });

  it("tells what had failed when its time is up before the state is known", async () => {
    const { clock, client } = bench({
      createCollection: [fail("UNAVAILABLE", { message: "connection reset", cause: "ECONNRESET" })],
      getCollectionStatus: [hang()],
    });
    const error = await clock.run(rejection(DeadlineExceededError, create(client)));
    expect(error.message).toContain("the last failure was UNAVAILABLE: connection reset");
    expect(error.cause).toBe("ECONNRESET");
  });

  it("does not take another collection for its own after an ambiguous attempt", async () => {
    const { clock, client } = bench(
      { createCollection: [LOST, REFUSED], getCollectionStatus: [DOWN, status(77)] },
      { retry: { nonIdempotent: true } },
    );
    const error = await clock.run(rejection(AlreadyExistsError, create(client)));
    expect(error.message).toContain("dimension 77");
  });

  it("is not looked into when a clean server refuses it", async () => {
    const { clock, client, transport } = bench({
      createCollection: [fail("ALREADY_EXISTS", { message: "exists" })],
    });
    await clock.run(rejection(AlreadyExistsError, create(client)));
    expect(methods(transport)).toEqual(["createCollection"]);
  });

  it.each(["INVALID_ARGUMENT", "PERMISSION_DENIED", "UNAUTHENTICATED", "UNIMPLEMENTED"] as const)(
    "is not looked into after %s",
    async (code) => {
      const { clock, client, transport } = bench({ createCollection: [fail(code)] });
      await clock.run(create(client).catch(() => {}));
      expect(methods(transport)).toEqual(["createCollection"]);
    },
  );

  it("looks with the call's own token, headers and deadline, and the look is no attempt", async () => {
    const { clock, client, transport } = bench(
      { createCollection: [REFUSED], getCollectionStatus: [status()] },
      { apiKey: "some-token", transport: { keepToken: true } },
    );
    const error = await clock.run(
      rejection(AlreadyExistsError, create(client, { headers: { "x-team": "search" }, timeoutMs: 700 })),
    );
    const [attempt, look] = transport.calls;
    expect(look).toMatchObject({ method: "getCollectionStatus", headers: attempt?.headers, deadline: 700 });
    expect(look?.headers).toMatchObject({ authorization: "Bearer some-token", "x-team": "search" });
    expect(error.attempts).toHaveLength(1);
  });

  it("a stock server that was given no distance has squared L2", async () => {
    const { clock, client } = bench({ createCollection: [LOST], getCollectionStatus: [status(2, "")] });
    await clock.run(client.createCollection({ name: "docs", dimension: 2 }, { waitUntilReady: false }));
  });
});

describe("deleteCollection", () => {
  const STOCK_MISSING = fail("INTERNAL", { message: "FSM failed to delete collection" });

  it.each([
    ["a stock server", STOCK_MISSING],
    ["a clean one", MISSING],
  ])("is a NotFoundError when there is none: %s", async (_server, step) => {
    const { clock, client } = bench({ deleteCollection: [step] });
    const error = await clock.run(rejection(NotFoundError, client.deleteCollection("docs")));
    expect(error.message).toContain("collection 'docs' not found");
  });

  it.each<[string, FailStep]>([
    ["was lost", LOST],
    ["timed out in the cluster", TIMED_OUT],
  ])("succeeds when its answer %s and the collection is gone", async (_how, step) => {
    const { clock, client, transport } = bench({ deleteCollection: [step], getCollectionStatus: [MISSING] });
    await clock.run(client.deleteCollection("docs"));
    expect(transport.unusedSteps).toEqual([]);
  });

  it("is sent again when its answer was lost and the collection is still there", async () => {
    const { clock, client, transport } = bench({
      deleteCollection: [LOST, reply()],
      getCollectionStatus: [status()],
    });
    await clock.run(client.deleteCollection("docs"));
    expect(transport.unusedSteps).toEqual([]);
  });

  it("succeeds when the cluster did it only after a look had found the collection", async () => {
    const { clock, client } = bench({
      deleteCollection: [LOST, STOCK_MISSING],
      getCollectionStatus: [status()],
    });
    await clock.run(client.deleteCollection("docs"));
  });

  it("is not sent again when its answer was lost and the state cannot be read", async () => {
    const { clock, client } = bench({ deleteCollection: [LOST], getCollectionStatus: [DOWN] });
    expect((await clock.run(rejection(UnavailableError, client.deleteCollection("docs")))).retryable).toBe(
      false,
    );
  });

  it.each([
    ["a stock server", STOCK_MISSING],
    ["a clean one", MISSING],
  ])("succeeds when an attempt was ambiguous and its repetition finds nothing: %s", async (_server, step) => {
    const { clock, client } = bench(
      { deleteCollection: [LOST, step], getCollectionStatus: [DOWN] },
      { retry: { nonIdempotent: true } },
    );
    await clock.run(client.deleteCollection("docs"));
  });

  it("is sent again without a look when nothing was sent", async () => {
    const { clock, client, transport } = bench({ deleteCollection: [NEVER_SENT, reply()] });
    await clock.run(client.deleteCollection("docs"));
    expect(methods(transport)).toEqual(["deleteCollection", "deleteCollection"]);
  });
});

describe("a search whose gateway has no routing", () => {
  const NO_ROUTING = fail("UNAVAILABLE", { message: 'routing info unavailable for collection "docs"' });
  const SEARCHES: readonly [
    string,
    "search" | "searchStream",
    (client: VectronClient) => Promise<unknown>,
  ][] = [
    ["search", "search", (client) => client.search("docs", QUERY)],
    ["searchStream", "searchStream", (client) => collect(client.searchStream("docs", QUERY))],
  ];

  it.each(SEARCHES)(
    "is a NotFoundError when the collection does not exist: %s",
    async (_name, method, call) => {
      const { clock, client, transport } = bench({ [method]: [NO_ROUTING], getCollectionStatus: [MISSING] });
      const error = await clock.run(rejection(NotFoundError, call(client)));
      expect(error.message).toContain("collection 'docs' not found");
      expect(transport.unusedSteps).toEqual([]);
    },
  );

  it.each(SEARCHES)("is retried when the collection exists: %s", async (_name, method, call) => {
    const { clock, client, transport } = bench({
      [method]: [NO_ROUTING, reply({ results: [] })],
      getCollectionStatus: [status()],
    });
    await clock.run(call(client));
    expect(transport.unusedSteps).toEqual([]);
  });

  it("is retried, and UNAVAILABLE in the end, when that cannot be told", async () => {
    const { clock, client } = bench(({ method }) => (method === "search" ? NO_ROUTING : DOWN));
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(error.message).toContain("routing info unavailable");
    expect(error.attempts).toHaveLength(3);
  });

  it("is the only search behind which another call is made", async () => {
    const { clock, client, transport } = bench(({ number }) =>
      number % 2 === 1 ? fail("UNAVAILABLE") : reply(),
    );
    await clock.run(client.search("docs", QUERY));
    await clock.run(collect(client.searchStream("docs", QUERY)));
    expect(new Set(methods(transport))).toEqual(new Set(["search", "searchStream"]));
  });
});
