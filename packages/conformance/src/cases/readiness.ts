import { AlreadyExistsError, DeadlineExceededError, NotFoundError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, filledCollection, times } from "../support/fixtures.ts";
import { HeldCalls } from "../support/held-calls.ts";

export const readinessCases: readonly ConformanceCase[] = [
  {
    id: "readiness/usable-at-once",
    title: "createCollection returns when the collection can be used",
    async run(context) {
      const docs = await emptyCollection(context);
      assert.equal(await docs.upsert([{ id: "a", vector: [1, 2] }]), 1, "count");
      assert.equal((await docs.get("a")).id, "a", "id");
      await docs.search({ vector: [1, 2] });
    },
  },
  {
    id: "readiness/wait-separately",
    title: "with waitUntilReady: false the wait is the caller's own",
    async run(context) {
      const name = context.collectionName();
      await context.client.createCollection({ name, dimension: 2 }, { waitUntilReady: false });
      const status = await context.client.waitUntilReady(name);
      assert.equal(status.name, name, "name");
      assert.ok(
        status.shards.length > 0 && status.shards.every(({ ready }) => ready),
        "a shard is not ready",
      );
      assert.equal(await context.client.upsert(name, [{ id: "a", vector: [1, 2] }]), 1, "count");
    },
  },
  {
    id: "readiness/wait-missing",
    title: "waiting for a collection that does not exist is refused",
    async run(context) {
      const name = context.collectionName();
      await assert.rejects(context.client.waitUntilReady(name), NotFoundError, { messageIncludes: [name] });
    },
  },
  {
    id: "readiness/wait-out-of-time",
    title: "a wait that takes longer than readyTimeoutMs says for which collection",
    async run(context) {
      const client = context.connect({ interceptors: [new HeldCalls().interceptor] });
      const wait = client.waitUntilReady("docs", { readyTimeoutMs: 20 });
      const error = await assert.rejects(wait, DeadlineExceededError, {
        messageIncludes: ["'docs'", "20 ms"],
      });
      assert.equal(error.collection, "docs", "the error's collection");
    },
  },
  {
    id: "readiness/ensure-creates",
    title: "ensureCollection creates what is missing, and waits for it",
    async run(context) {
      const name = context.collectionName();
      const status = await context.client.ensureCollection({ name, dimension: 3, distance: "cosine" });
      const { dimension, distance } = status;
      assert.deepEqual(
        { name: status.name, dimension, distance },
        { name, dimension: 3, distance: "cosine" },
        "status",
      );
      assert.ok(
        status.shards.every(({ ready }) => ready),
        "a shard is not ready",
      );
      assert.equal(await context.client.upsert(name, [{ id: "a", vector: [1, 2, 3] }]), 1, "count");
    },
  },
  {
    id: "readiness/ensure-same",
    title: "ensureCollection leaves a collection of the same shape as it is",
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2] }]);
      const status = await context.client.ensureCollection({
        name: docs.name,
        dimension: 2,
        distance: "euclidean",
      });
      assert.equal(status.dimension, 2, "dimension");
      await context.client.ensureCollection({ name: docs.name, dimension: 2 });
      assert.equal((await docs.get("a")).id, "a", "the point that was there");
    },
  },
  {
    id: "readiness/ensure-other-dimension",
    title: "ensureCollection refuses a collection of another dimension, naming both",
    async run(context) {
      const { name } = await emptyCollection(context, { dimension: 12 });
      const ensure = context.client.ensureCollection({ name, dimension: 34 });
      await assert.rejects(ensure, AlreadyExistsError, { messageIncludes: [name, "12", "34"] });
    },
  },
  {
    id: "readiness/ensure-other-distance",
    title: "ensureCollection refuses a collection of another distance, naming both",
    async run(context) {
      const { name } = await emptyCollection(context, { distance: "cosine" });
      const ensure = context.client.ensureCollection({ name, dimension: 2, distance: "dot" });
      await assert.rejects(ensure, AlreadyExistsError, { messageIncludes: [name, "cosine", "dot"] });
    },
  },
  {
    id: "readiness/ensure-together",
    title: "ensureCollection from several clients at once succeeds for all of them",
    needs: ["shared-server"],
    async run(context) {
      const name = context.collectionName();
      const clients = times(8, () => context.connect());
      const states = await Promise.all(
        clients.map((client) => client.ensureCollection({ name, dimension: 2 })),
      );
      for (const status of states) assert.equal(status.dimension, 2, "dimension");
    },
  },
];
