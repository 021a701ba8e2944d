import { AlreadyExistsError, NotFoundError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, filledCollection, idsOf } from "../support/fixtures.ts";

const DECIMAL = /^\d+$/;

const distanceCases: readonly ConformanceCase[] = (["cosine", "euclidean", "dot"] as const).map(
  (distance) => ({
    id: `collections/distance-${distance}`,
    title: `a collection can be created with distance "${distance}"`,
    async run(context) {
      const { name } = await emptyCollection(context, { distance });
      assert.equal((await context.client.getCollectionStatus(name)).distance, distance);
    },
  }),
);

const unusualNameCases: readonly ConformanceCase[] = [
  "ünïcødé-名前-🐘",
  "with spaces and %20",
  "?#&=+;:@$,'\"()[]{}|\\^`~!*<>",
].map((suffix, index) => ({
  id: `collections/unusual-name-${index + 1}`,
  title: `a collection can be called …${suffix}`,
  async run(context) {
    const name = context.collectionName(suffix);
    await context.client.createCollection({ name, dimension: 2 });
    await worksUnder(name, context.client);
  },
}));

export const collectionCases: readonly ConformanceCase[] = [
  {
    id: "collections/create-then-list",
    title: "a collection is listed once it has been created",
    async run(context) {
      const name = context.collectionName();
      assert.ok(
        !(await context.client.listCollections()).includes(name),
        "the name is listed before the collection exists",
      );
      await context.client.createCollection({ name, dimension: 3, distance: "cosine" });
      assert.ok((await context.client.listCollections()).includes(name), "the collection is not listed");
    },
  },
  {
    id: "collections/listed-in-order",
    title: "names are listed sorted",
    async run(context) {
      const names = ["-c", "-a", "-b"].map((suffix) => context.collectionName(suffix));
      for (const name of names) await context.client.createCollection({ name, dimension: 2 });
      const listed = await context.client.listCollections();
      assert.deepEqual(
        listed.filter((name) => names.includes(name)),
        [...names].sort(),
        "listed names",
      );
    },
  },
  {
    id: "collections/status",
    title: "the status says what the collection is and how its shards are",
    async run(context) {
      const { name } = await emptyCollection(context, { dimension: 7, distance: "cosine" });
      const status = await context.client.getCollectionStatus(name);
      assert.equal(status.name, name, "name");
      assert.equal(status.dimension, 7, "dimension");
      assert.equal(status.distance, "cosine", "distance");
      assert.ok(status.shards.length > 0, "there is no shard");
      for (const shard of status.shards) {
        assert.ok(Number.isInteger(shard.shardId), "shardId is not an integer");
        assert.ok(DECIMAL.test(shard.leaderId), `leaderId is not decimal: ${shard.leaderId}`);
        assert.ok(
          shard.replicas.every((id) => DECIMAL.test(id)),
          `replicas are not decimal: ${shard.replicas}`,
        );
        assert.equal(shard.ready, true, "ready, after createCollection has waited");
      }
      const ids = status.shards.map(({ shardId }) => shardId);
      assert.deepEqual(
        ids,
        [...ids].sort((a, b) => a - b),
        "shard ids",
      );
    },
  },
  {
    id: "collections/default-distance",
    title: "a collection without a distance is euclidean",
    async run(context) {
      const { name } = await emptyCollection(context, {});
      assert.equal((await context.client.getCollectionStatus(name)).distance, "euclidean");
    },
  },
  ...distanceCases,
  {
    id: "collections/duplicate",
    title: "creating a collection that exists is refused, whatever its dimension, and changes nothing",
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2] }]);
      for (const dimension of [2, 5]) {
        const again = context.client.createCollection({ name: docs.name, dimension });
        const error = await assert.rejects(again, AlreadyExistsError, {
          code: "ALREADY_EXISTS",
          messageIncludes: [docs.name],
        });
        assert.equal(error.collection, docs.name, "the error's collection");
      }
      assert.equal((await docs.status()).dimension, 2, "dimension");
      assert.equal((await docs.get("a")).id, "a", "the point that was there");
    },
  },
  {
    id: "collections/delete",
    title: "a deleted collection is gone, points and all",
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2] }]);
      await context.client.deleteCollection(docs.name);
      assert.ok(!(await context.client.listCollections()).includes(docs.name), "it is still listed");
      await assert.rejects(docs.status(), NotFoundError, { messageIncludes: [docs.name] });
      await assert.rejects(docs.get("a"), NotFoundError, { messageIncludes: [docs.name] });
    },
  },
  {
    id: "collections/delete-missing",
    title: "deleting a collection that does not exist is refused",
    async run(context) {
      const name = context.collectionName();
      const error = await assert.rejects(context.client.deleteCollection(name), NotFoundError, {
        code: "NOT_FOUND",
        messageIncludes: [name],
      });
      assert.equal(error.collection, name, "the error's collection");
    },
  },
  {
    id: "collections/recreate",
    title: "a collection that is created again is empty, and may have another shape",
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2] }]);
      await docs.drop();
      await context.client.createCollection({ name: docs.name, dimension: 3, distance: "cosine" });
      const { dimension, distance } = await docs.status();
      assert.deepEqual({ dimension, distance }, { dimension: 3, distance: "cosine" }, "shape");
      await assert.rejects(docs.get("a"), NotFoundError);
      assert.deepEqual(await docs.search({ vector: [1, 2, 3] }), [], "results");
    },
  },
  {
    id: "collections/isolated",
    title: "the same id in two collections is two points",
    async run(context) {
      const one = await filledCollection(context, [{ id: "a", vector: [1, 1], payload: { in: "one" } }]);
      const two = await filledCollection(context, [{ id: "a", vector: [2, 2], payload: { in: "two" } }]);
      assert.deepEqual((await one.get("a")).payload, { in: "one" }, "payload in the first");
      assert.deepEqual((await two.get("a")).payload, { in: "two" }, "payload in the second");
      await one.delete("a");
      assert.deepEqual(
        (await two.get("a")).payload,
        { in: "two" },
        "payload in the second, after a delete in the first",
      );
    },
  },
  ...unusualNameCases,
  {
    id: "collections/slash-in-name",
    title: "a collection's name may hold slashes",
    needs: ["any-id"],
    async run(context) {
      const name = context.collectionName("/a//b/");
      await context.client.createCollection({ name, dimension: 2 });
      await worksUnder(name, context.client);
    },
  },
];

type Client = Parameters<ConformanceCase["run"]>[0]["client"];

/** Checks that every kind of call reaches a collection of that name. */
async function worksUnder(name: string, client: Client): Promise<void> {
  assert.ok((await client.listCollections()).includes(name), "it is not listed");
  assert.equal((await client.getCollectionStatus(name)).name, name, "name");
  assert.equal(await client.upsert(name, [{ id: "a", vector: [1, 2] }]), 1, "count");
  assert.equal((await client.get(name, "a")).id, "a", "id");
  const results = await client.search(name, { vector: [1, 2], topK: 1 });
  assert.ok(results.length <= 1, `too many results: ${idsOf(results)}`);
  await client.delete(name, "a");
  await assert.rejects(client.get(name, "a"), NotFoundError);
  await client.deleteCollection(name);
  assert.ok(!(await client.listCollections()).includes(name), "it is still listed");
}
