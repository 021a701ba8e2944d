import { NotFoundError, type SearchResult } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, filledCollection, times } from "../support/fixtures.ts";

export const concurrencyCases: readonly ConformanceCase[] = [
  {
    id: "concurrency/mixed-calls",
    title: "64 calls of all kinds at once each get their own answer",
    needs: ["complete-search"],
    async run(context) {
      const points = times(64, (index) => ({
        id: `p${index}`,
        vector: [index, 0],
        payload: { index: String(index) },
      }));
      const docs = await filledCollection(context, points);
      await context.eventually(async () => {
        assert.equal((await docs.search({ vector: [0, 0], topK: 64 })).length, 64, "points found before");
      });
      const call = async (index: number): Promise<void> => {
        const id = `p${index}`;
        switch (index % 6) {
          case 0:
            return assert.deepEqual(
              (await docs.get(id)).payload,
              { index: String(index) },
              `payload of ${id}`,
            );
          case 1: {
            const [nearest] = await docs.search({ vector: [index, 0], topK: 1 });
            return assert.deepEqual(
              nearest,
              { id, score: 0, payload: { index: String(index) } },
              `nearest to ${id}`,
            );
          }
          case 2:
            return assert.equal(
              await docs.upsert([{ id: `new ${id}`, vector: [0, 1_000 + index] }]),
              1,
              "count",
            );
          case 3:
            return docs.delete(`missing ${id}`);
          case 4:
            return assert.equal((await docs.status()).name, docs.name, "name");
          default:
            await assert.rejects(docs.get(`missing ${id}`), NotFoundError, {
              messageIncludes: [`missing ${id}`],
            });
        }
      };
      await Promise.all(times(64, call));
      const written = times(64, (index) => index).filter((index) => index % 6 === 2);
      for (const index of written) {
        const point = await docs.get(`new p${index}`);
        assert.deepEqual(point.vector, Float32Array.of(0, 1_000 + index), `vector of ${point.id}`);
      }
    },
  },
  {
    id: "concurrency/writes-to-one-collection",
    title: "what many writers write at once is all there",
    async run(context) {
      const docs = await emptyCollection(context);
      const writes = times(32, (writer) =>
        docs.upsert(times(25, (index) => ({ id: `${writer}-${index}`, vector: [writer, index] }))),
      );
      assert.deepEqual(
        await Promise.all(writes),
        times(32, () => 25),
        "counts",
      );
      const ids = times(32, (writer) => `${writer}-${writer % 25}`);
      const vectors = (await docs.getMany(ids)).map((point) => point?.vector);
      assert.deepEqual(
        vectors,
        times(32, (writer) => Float32Array.of(writer, writer % 25)),
        "vectors",
      );
    },
  },
  {
    id: "concurrency/writes-to-one-point",
    title: "of writes to one point at once, one is kept whole",
    async run(context) {
      const docs = await emptyCollection(context);
      await Promise.all(
        times(32, (writer) =>
          docs.upsert([{ id: "a", vector: [writer, -writer], payload: { writer: String(writer) } }]),
        ),
      );
      const { vector, payload } = await docs.get("a");
      const writer = Number(payload.writer);
      assert.deepEqual(vector, Float32Array.of(writer, -writer), `vector of writer ${writer}`);
    },
  },
  {
    id: "concurrency/flags-are-not-mixed",
    title: "equal searches at once with different flags each get what they asked for",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2], payload: { lang: "en" } }]);
      await context.eventually(async () =>
        assert.equal((await docs.search({ vector: [1, 2] })).length, 1, "results"),
      );
      const searches = times(32, (index) => ({
        vector: [1, 2],
        includePayload: index % 2 === 0,
        includeVectors: index % 3 === 0,
      }));
      const lists = await Promise.all(searches.map((search) => docs.search(search)));
      for (const [index, [result]] of lists.entries()) {
        const expected: SearchResult = {
          id: "a",
          score: 0,
          ...(index % 2 === 0 && { payload: { lang: "en" } }),
          ...(index % 3 === 0 && { vector: Float32Array.of(1, 2) }),
        };
        assert.deepEqual(result, expected, `result of search ${index}`);
      }
    },
  },
  {
    id: "concurrency/collections",
    title: "collections can be created and deleted at once",
    async run(context) {
      const names = times(12, () => context.collectionName());
      await Promise.all(
        names.map((name, index) => context.client.createCollection({ name, dimension: index + 1 })),
      );
      const states = await Promise.all(names.map((name) => context.client.getCollectionStatus(name)));
      assert.deepEqual(
        states.map(({ dimension }) => dimension),
        times(12, (index) => index + 1),
        "dimensions",
      );
      await Promise.all(names.map((name) => context.client.deleteCollection(name)));
      const left = (await context.client.listCollections()).filter((name) => names.includes(name));
      assert.deepEqual(left, [], "collections left");
    },
  },
];
