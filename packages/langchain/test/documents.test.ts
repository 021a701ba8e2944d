import { Document } from "@langchain/core/documents";
import { BulkUpsertError, DataLossError, type PayloadCodec } from "@vectron/core";
import { openMemory } from "@vectron/local/memory";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { VectronVectorStore } from "../src/index.ts";
import { WordEmbeddings } from "./support/word-embeddings.ts";

const client = openMemory();
afterAll(() => client.close());

const embeddings = new WordEmbeddings("cat", "dog");
let count = 0;
const options = () => ({ client, collection: `docs-${++count}` });

const selfReferring: { self?: unknown } = {};
selfReferring.self = selfReferring;

describe("metadata", () => {
  it("comes back as it was, whatever JSON it is", async () => {
    const store = new VectronVectorStore(embeddings, options());
    const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)));
    const names = fc.string().filter((name) => !["content", "_jsonFields"].includes(name));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, json), async (metadata) => {
        await store.addDocuments([{ pageContent: "cat", metadata }], { ids: ["a"] });
        expect(await store.similaritySearch("cat", 1)).toEqual([
          new Document({ id: "a", pageContent: "cat", metadata }),
        ]);
      }),
      { numRuns: 100 },
    );
  });

  it("is a field of the payload for each of its own, strings as they are", async () => {
    const { collection } = options();
    const store = new VectronVectorStore(embeddings, { client, collection });
    const metadata = { title: "Pets", page: 7, tags: ["a"], draft: undefined };
    await store.addDocuments([{ pageContent: "cat", metadata }], { ids: ["a"] });
    expect((await client.get(collection, "a")).payload).toEqual({
      content: "cat",
      title: "Pets",
      page: "7",
      tags: '["a"]',
      _jsonFields: '["page","tags"]',
    });
  });

  it("is typed and checked by a schema, on its way in and out", async () => {
    const schema = z.object({ page: z.number(), published: z.date() });
    const store = new VectronVectorStore(embeddings, { ...options(), schema });
    const published = new Date("2025-01-02T03:04:05Z");
    await store.addDocuments([{ pageContent: "cat", metadata: { page: 7, published } }]);
    const [found] = await store.similaritySearch("cat", 1);
    const year: number | undefined = found?.metadata.published.getUTCFullYear();
    expect(year).toBe(2025);
    await expect(
      // @ts-expect-error page must be a number
      store.addDocuments([{ pageContent: "cat", metadata: { page: "7", published } }]),
    ).rejects.toThrow(/metadata.* does not fit the collection's schema: page: /);
  });

  it("is written and read by a codec", async () => {
    const codec: PayloadCodec<{ page: number }> = {
      encode: (_argument, metadata) => ({ p: String(metadata?.page) }),
      decode: (_where, { p }) => ({ page: Number(p) }),
    };
    const store = new VectronVectorStore(embeddings, { ...options(), codec });
    await store.addDocuments([{ pageContent: "cat", metadata: { page: 7 } }]);
    expect((await store.similaritySearch("cat", 1))[0]?.metadata).toEqual({ page: 7 });
  });

  it.each([
    ["content", "x", /metadata\.content would overwrite the document's text/],
    ["_jsonFields", "x", /metadata\._jsonFields is a name that the store keeps to itself/],
    ["count", 1n, /metadata\.count must be a value that JSON can hold/],
    ["count", Number.NaN, /metadata\.count must be a finite number/],
    ["count", () => 1, /metadata\.count must be a value that JSON can hold/],
    ["stats", { mean: Number.NaN }, /metadata\.stats\.mean must be a finite number, got NaN/],
    [
      "stats",
      { days: [{ sum: 1n }] },
      /metadata\.stats\.days\.0\.sum must be a value that JSON can hold, got 1n/,
    ],
    ["tags", ["a", undefined], /metadata\.tags\.1 must be a value that JSON can hold, got undefined/],
    ["tags", new Set(["a"]), /metadata\.tags must be a value that JSON can hold, got an object of class Set/],
    [
      "tags",
      { by: new Map() },
      /metadata\.tags\.by must be a value that JSON can hold, got an object of class Map/,
    ],
    [
      "vector",
      new Float32Array(2),
      /metadata\.vector must be a value that JSON can hold, got a Float32Array of 2/,
    ],
    [
      "date",
      new Date(Number.NaN),
      /metadata\.date must be a value that JSON can hold, got an object of class Date/,
    ],
    ["self", selfReferring, /metadata\.self cannot be written as JSON: /],
  ])("is refused when its field %s cannot be kept", async (name, value, message) => {
    const store = new VectronVectorStore(embeddings, options());
    const adding = store.addDocuments([{ pageContent: "cat", metadata: { [name]: value } }]);
    await expect(adding).rejects.toThrow(BulkUpsertError);
    await expect(adding).rejects.toThrow(message);
  });

  it("keeps dates as text and instances as what is in them, however deep", async () => {
    const store = new VectronVectorStore(embeddings, options());
    const metadata = {
      pdf: {
        info: new (class Info {
          title = "Pets";
        })(),
        at: new Date(0),
        gone: undefined,
      },
    };
    await store.addDocuments([{ pageContent: "cat", metadata }]);
    const [found] = await store.similaritySearch("cat", 1);
    expect(found?.metadata).toEqual({ pdf: { info: { title: "Pets" }, at: "1970-01-01T00:00:00.000Z" } });
  });

  it("may be null in programs without types", async () => {
    const store = new VectronVectorStore(embeddings, options());
    await store.addDocuments([{ pageContent: "cat", metadata: null as never }]);
    expect((await store.similaritySearch("cat", 1))[0]?.metadata).toEqual({});
  });

  it.each([
    ['["page"]', "page is no JSON"],
    ["{}", "_jsonFields is no list of names"],
  ])("names the field when what is stored is damaged: %s", async (_jsonFields, message) => {
    const { collection } = options();
    await client.createCollection({ name: collection, dimension: 2, distance: "cosine" });
    const payload = { content: "cat", page: "{", _jsonFields };
    await client.upsert(collection, [{ id: "a", vector: [1, 0], payload }]);
    const store = new VectronVectorStore(embeddings, { client, collection });
    const searching = store.similaritySearch("cat");
    await expect(searching).rejects.toThrow(`the payload of point "a": ${message}`);
    await expect(searching).rejects.toBeInstanceOf(DataLossError);
  });
});

describe("a document's text", () => {
  it("is kept under a name of choice, where other programs have it", async () => {
    const { collection } = options();
    await client.createCollection({ name: collection, dimension: 2, distance: "cosine" });
    await client.upsert(collection, [{ id: "a", vector: [1, 0], payload: { body: "a cat", lang: "en" } }]);
    const store = new VectronVectorStore(embeddings, { client, collection, contentKey: "body" });
    expect(await store.similaritySearch("cat")).toEqual([
      new Document({ id: "a", pageContent: "a cat", metadata: { lang: "en" } }),
    ]);
    const other = new VectronVectorStore(embeddings, { client, collection });
    await expect(other.similaritySearch("cat")).rejects.toThrow(
      'the payload of point "a" has no field "content" with the document\'s text',
    );
  });
});

describe("ids", () => {
  it("are the given ones, then the documents' own, then random", async () => {
    const store = new VectronVectorStore(embeddings, options());
    const documents = [new Document({ id: "own", pageContent: "cat" }), new Document({ pageContent: "dog" })];
    const [own, random] = await store.addDocuments(documents);
    expect(own).toBe("own");
    expect(random).toMatch(/^[0-9a-f-]{36}$/);
    expect(await store.addDocuments(documents, { ids: ["x", "y"] })).toEqual(["x", "y"]);
    expect((await store.similaritySearch("cat", 10)).map(({ id }) => id).sort()).toEqual(
      ["own", random, "x", "y"].sort(),
    );
  });

  it("have to be as many as the documents, and so do vectors and metadatas", async () => {
    const store = new VectronVectorStore(embeddings, options());
    const documents = [new Document({ pageContent: "cat" })];
    await expect(store.addDocuments(documents, { ids: [] })).rejects.toThrow(
      "ids must be as many as the documents, 1, got 0",
    );
    await expect(store.addVectors([], documents)).rejects.toThrow(
      "vectors must be as many as the documents, 1, got 0",
    );
    await expect(VectronVectorStore.fromTexts(["a"], [], embeddings, options())).rejects.toThrow(
      "got 1 texts and 0 metadatas",
    );
  });

  it("are what delete goes by, and nothing else", async () => {
    const store = new VectronVectorStore(embeddings, options());
    // @ts-expect-error there is no delete by filter
    await expect(store.delete({ filter: {} })).rejects.toThrow("params.ids must be an array of ids");
  });
});

describe("adding", () => {
  it("does nothing without documents", async () => {
    const { collection } = options();
    const store = await VectronVectorStore.fromDocuments([], embeddings, { client, collection });
    expect(await store.addVectors([], [])).toEqual([]);
    expect(await client.listCollections()).not.toContain(collection);
  });

  it("embeds all texts at once, and reports progress as a bulk load does", async () => {
    const own = new WordEmbeddings("cat", "dog");
    const store = new VectronVectorStore(own, options());
    const documents = Array.from({ length: 600 }, () => new Document({ pageContent: "cat" }));
    const accepted: number[] = [];
    await store.addDocuments(documents, { onProgress: (progress) => accepted.push(progress.accepted) });
    expect(own.batches.map(({ length }) => length)).toEqual([600]);
    expect(accepted.length).toBeGreaterThan(1);
    expect(accepted.at(-1)).toBe(600);
  });

  it("tries again to create the collection after it failed", async () => {
    const { collection } = options();
    const store = new VectronVectorStore(embeddings, { client, collection });
    await client.createCollection({ name: collection, dimension: 5 });
    await expect(store.addDocuments([{ pageContent: "cat", metadata: {} }])).rejects.toThrow("exists with");
    await client.deleteCollection(collection);
    await store.addDocuments([{ pageContent: "cat", metadata: {} }]);
    expect(await store.similaritySearch("cat")).toHaveLength(1);
  });
});

describe("what Vectron does not have", () => {
  it("is refused by types and at run time: a filter", async () => {
    const store = await VectronVectorStore.fromTexts(["cat"], {}, embeddings, options());
    // @ts-expect-error there are no filters
    await expect(store.similaritySearch("cat", 1, { page: 1 })).rejects.toThrow("Vectron has no filters");
    await expect(
      // @ts-expect-error there are no filters
      store.maxMarginalRelevanceSearch("cat", { k: 1, filter: {} }),
    ).rejects.toThrow("Vectron has no filters");
    // @ts-expect-error there are no filters
    await expect(store.asRetriever(1, { page: 1 }).invoke("cat")).rejects.toThrow("Vectron has no filters");
  });
});

describe("options", () => {
  it.each([
    [{ client: {} as never }, "options.client must be a VectronClient"],
    [{ collection: "" }, "collection must be"],
    [{ distance: "l2" as never }, "distance must be"],
    [{ contentKey: "" }, "options.contentKey must be the name of a payload field"],
    [{ schema: z.object({}), codec: {} as never }, "options have both schema and codec"],
  ])("are checked: %o", (wrong, message) => {
    expect(() => new VectronVectorStore(embeddings, { ...options(), ...wrong })).toThrow(message);
  });
});
