import {
  type CollectionOptions,
  DataLossError,
  InvalidArgumentError,
  NotFoundError,
  type Payload,
  type PayloadCodec,
  type StandardSchema,
} from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { emptyCollection, idsOf } from "../support/fixtures.ts";

interface Doc {
  readonly title: string;
  readonly year: number;
}

/** Numbers as decimal text, which is all that a payload can hold. */
const docCodec: PayloadCodec<Doc> = {
  encode: (_argument, doc) =>
    doc === undefined ? ({} as Payload) : { title: doc.title, year: String(doc.year) },
  decode: (_where, { title = "", year = "0" }) => ({ title, year: Number(year) }),
};

const slowDocCodec: PayloadCodec<Doc> = {
  encode: async (argument, doc) => docCodec.encode(argument, doc),
  decode: async (where, payload) => docCodec.decode(where, payload),
};

/** What a schema library makes of `{ title: string, year: number }`. */
const docSchema: StandardSchema<Doc> = {
  "~standard": {
    version: 1,
    vendor: "conformance",
    validate(value) {
      const { title, year } = value as Partial<Doc>;
      if (typeof title !== "string") return { issues: [{ message: "must be text", path: ["title"] }] };
      if (typeof year !== "number") return { issues: [{ message: "must be a number", path: ["year"] }] };
      return { value: { title, year } };
    },
  },
};

const TYPINGS: Readonly<Record<string, CollectionOptions<Doc>>> = {
  "a codec": { codec: docCodec },
  "an asynchronous codec": { codec: slowDocCodec },
  "a schema": { schema: docSchema },
};

const typedPayloadCases: readonly ConformanceCase[] = Object.entries(TYPINGS).map(([means, options]) => ({
  id: `handles/typed-by-${means.replaceAll(" ", "-")}`,
  title: `a handle with ${means} writes and reads payloads of a type of their own`,
  needs: ["complete-search"],
  async run(context) {
    const { name } = await emptyCollection(context);
    const docs = context.client.collection<Doc>(name, options);
    const doc: Doc = { title: "Vectors", year: 1843 };
    await docs.upsert([{ id: "a", vector: [1, 2], payload: doc }]);
    assert.deepEqual(
      (await context.client.get(name, "a")).payload,
      { title: "Vectors", year: "1843" },
      "payload as stored",
    );
    assert.deepEqual((await docs.get("a")).payload, doc, "payload");
    assert.deepEqual((await docs.getMany(["a"]))[0]?.payload, doc, "payload from getMany");
    await context.eventually(async () => {
      assert.deepEqual((await docs.search({ vector: [1, 2] }))[0]?.payload, doc, "payload of the result");
      assert.deepEqual(
        (await docs.searchMany([{ vector: [1, 2] }]))[0]?.[0]?.payload,
        doc,
        "payload from searchMany",
      );
    });
  },
}));

export const handleCases: readonly ConformanceCase[] = [
  {
    id: "handles/same-calls",
    title: "a handle makes the client's calls without the name",
    needs: ["complete-search"],
    async run(context) {
      const name = context.collectionName();
      await context.client.createCollection({ name, dimension: 2 });
      const docs = context.client.collection(name);
      assert.equal(docs.name, name, "name");
      assert.deepEqual(
        await docs.waitUntilReady(),
        await context.client.getCollectionStatus(name),
        "status after the wait",
      );
      assert.equal(await docs.upsert([{ id: "a", vector: [1, 2], payload: { lang: "en" } }]), 1, "count");
      assert.deepEqual(await docs.get("a"), await context.client.get(name, "a"), "the point");
      assert.deepEqual(await docs.getMany(["a", "b"]), [await docs.get("a"), undefined], "points");
      await context.eventually(async () => {
        assert.deepEqual(idsOf(await docs.search({ vector: [1, 2] })), ["a"], "ids found");
        assert.deepEqual(
          idsOf((await docs.searchMany([{ vector: [1, 2] }]))[0] ?? []),
          ["a"],
          "ids found by searchMany",
        );
      });
      await docs.delete("a");
      await docs.deleteMany(["a"]);
      await assert.rejects(docs.get("a"), NotFoundError);
      assert.equal((await docs.status()).dimension, 2, "dimension");
      await docs.drop();
      await assert.rejects(docs.status(), NotFoundError);
    },
  },
  {
    id: "handles/sends-nothing",
    title: "making a handle sends nothing and asks nothing of the server",
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder] });
      client.collection("no such collection", { dimension: 3, distance: "dot" });
      assert.deepEqual(recorder.calls, [], "calls");
    },
  },
  ...typedPayloadCases,
  {
    id: "handles/schema-refuses-input",
    title:
      "a payload that does not fit the schema is refused before it is sent, naming the point and the field",
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder] });
      const docs = client.collection<Doc>("never reached", { schema: docSchema });
      const points = [
        { id: "a", vector: [1, 2], payload: { title: "Vectors", year: 1843 } },
        { id: "b", vector: [1, 2], payload: { title: "Vectors", year: "1843" as never } },
      ];
      await assert.rejects(docs.upsert(points), InvalidArgumentError, {
        messageIncludes: ["points[1].payload", "year"],
      });
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "handles/schema-refuses-output",
    title: "a stored payload that does not fit the schema is a DataLossError, naming the point and the field",
    needs: ["complete-search"],
    async run(context) {
      const { name } = await emptyCollection(context);
      await context.client.upsert(name, [{ id: "strange", vector: [1, 2], payload: { title: "Vectors" } }]);
      const docs = context.client.collection<Doc>(name, { schema: docSchema });
      const facts = { code: "DATA_LOSS", messageIncludes: ["strange", "year"] } as const;
      await assert.rejects(docs.get("strange"), DataLossError, facts);
      await context.eventually(async () => {
        await assert.rejects(docs.search({ vector: [1, 2] }), DataLossError, facts);
      });
    },
  },
  {
    id: "handles/dimension",
    title: "a handle that knows the dimension refuses other vectors before they are sent",
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder], expectedDimension: 7 });
      const docs = client.collection("never reached", { dimension: 3 });
      const facts = { messageIncludes: ["points[1].vector", "3", "2", '"b"'] };
      const points = [
        { id: "a", vector: [1, 2, 3] },
        { id: "b", vector: [1, 2] },
      ];
      await assert.rejects(docs.upsert(points), InvalidArgumentError, facts);
      await assert.rejects(docs.search({ vector: [1, 2] }), InvalidArgumentError, {
        messageIncludes: ["vector", "3", "2"],
      });
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "handles/similarity",
    title: "a handle that knows the distance converts scores; another says what it lacks",
    needs: ["complete-search"],
    async run(context) {
      const { name } = await emptyCollection(context, { distance: "cosine" });
      const docs = context.client.collection(name, { distance: "cosine" });
      await docs.upsert([{ id: "a", vector: [1, 2] }]);
      await context.eventually(async () => {
        const [result] = await docs.search({ vector: [2, 4] });
        assert.ok(result !== undefined, "nothing was found");
        assert.equal(docs.similarity(result.score), 1 - result.score, "similarity");
      });
      const ignorant = context.client.collection(name);
      assert.throws(() => ignorant.similarity(0), InvalidArgumentError, {
        messageIncludes: [name, "distance"],
      });
    },
  },
];
