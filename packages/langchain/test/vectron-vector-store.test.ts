import { Document } from "@langchain/core/documents";
import { AlreadyExistsError, type Distance, NotFoundError } from "@vectron/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VectronVectorStore } from "../src/index.ts";
import { type Opened, packages } from "./support/clients.ts";
import { WordEmbeddings } from "./support/word-embeddings.ts";

const embeddings = new WordEmbeddings("cat", "dog", "car");
const documents = [
  new Document({ id: "1", pageContent: "a cat", metadata: { page: 1 } }),
  new Document({ id: "2", pageContent: "a cat and a dog", metadata: { page: 2 } }),
  new Document({ id: "3", pageContent: "a car", metadata: { page: 3 } }),
];

describe.each(Object.entries(packages))("a store on a client of %s", (_name, open) => {
  let opened: Opened;
  let count = 0;
  const options = () => ({ client: opened.client, collection: `docs-${++count}` });

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it("creates the collection with the first documents, by the length of their vectors", async () => {
    const store = new VectronVectorStore(embeddings, options());
    const ids = await store.addDocuments(documents);
    expect(ids).toEqual(["1", "2", "3"]);
    await expect(opened.client.getCollectionStatus(`docs-${count}`)).resolves.toMatchObject({
      dimension: 3,
      distance: "cosine",
    });
  });

  it("finds what is nearest, whole, with its id", async () => {
    const store = await VectronVectorStore.fromDocuments(documents, embeddings, options());
    expect(await store.similaritySearch("cat", 2)).toEqual(documents.slice(0, 2));
  });

  it("returns four documents unless told otherwise", async () => {
    const store = new VectronVectorStore(embeddings, options());
    await store.addDocuments(Array.from({ length: 6 }, () => ({ pageContent: "cat", metadata: {} })));
    expect(await store.similaritySearch("cat")).toHaveLength(4);
    expect(await store.similaritySearchWithScore("cat")).toHaveLength(4);
  });

  const similarities: [Distance, number[]][] = [
    ["cosine", [1, Math.SQRT1_2, 0]],
    ["dot", [1, 1, 0]],
    ["euclidean", [1, 1 / 2, 1 / 3]],
  ];
  it.each(similarities)("scores by similarity, the highest first, with %s", async (distance, expected) => {
    const store = await VectronVectorStore.fromDocuments(documents, embeddings, { ...options(), distance });
    const found = await store.similaritySearchWithScore("cat", 3);
    expect(found.map(([{ id }]) => id)).toEqual(["1", "2", "3"]);
    for (const [index, [, score]] of found.entries()) expect(score).toBeCloseTo(expected[index]!, 6);
  });

  it("gives every text its metadata, or all the same", async () => {
    const each = await VectronVectorStore.fromTexts(
      ["cat", "dog"],
      [{ n: 1 }, { n: 2 }],
      embeddings,
      options(),
    );
    expect((await each.similaritySearch("dog", 1))[0]?.metadata).toEqual({ n: 2 });
    const same = await VectronVectorStore.fromTexts(["cat", "dog"], { n: 3 }, embeddings, options());
    expect((await same.similaritySearch("dog", 1))[0]?.metadata).toEqual({ n: 3 });
  });

  it("opens a collection that is there, and goes by its distance", async () => {
    const existing = options();
    await VectronVectorStore.fromDocuments(documents, embeddings, { ...existing, distance: "euclidean" });
    const store = await VectronVectorStore.fromExistingCollection(embeddings, existing);
    const [[, score]] = (await store.similaritySearchWithScore("car and cat", 1)) as [[Document, number]];
    expect(score).toBeCloseTo(1 / 2, 6);
    await store.addDocuments([{ pageContent: "cat and car", metadata: {} }]);
    expect((await store.similaritySearch("car and cat", 1))[0]?.pageContent).toBe("cat and car");
  });

  it("goes by the distance of a collection that is there though nobody said it is", async () => {
    const existing = { ...options(), distance: undefined };
    await opened.client.createCollection({ name: existing.collection, dimension: 3, distance: "dot" });
    const store = new VectronVectorStore(embeddings, existing);
    await store.addDocuments(documents);
    expect((await store.similaritySearchWithScore("cat dog", 1))[0]?.[1]).toBe(2);
    const second = new VectronVectorStore(embeddings, existing);
    expect((await second.similaritySearchWithScore("cat dog", 1))[0]?.[1]).toBe(2);
  });

  it("refuses a collection that is not there, or is another", async () => {
    const missing = options();
    await expect(VectronVectorStore.fromExistingCollection(embeddings, missing)).rejects.toThrow(
      NotFoundError,
    );
    await opened.client.createCollection({ name: missing.collection, dimension: 2, distance: "cosine" });
    await expect(
      VectronVectorStore.fromExistingCollection(embeddings, { ...missing, distance: "dot" }),
    ).rejects.toThrow(
      `options.distance is "dot", and that of collection '${missing.collection}' is "cosine"`,
    );
    const store = new VectronVectorStore(embeddings, missing);
    await expect(store.addDocuments(documents)).rejects.toThrow(AlreadyExistsError);
  });

  it("replaces documents of the same id, and deletes by id", async () => {
    const store = await VectronVectorStore.fromDocuments(documents, embeddings, options());
    await store.addDocuments([{ pageContent: "a dog", metadata: { page: 4 } }], { ids: ["1"] });
    expect((await store.similaritySearch("dog", 1))[0]).toMatchObject({ id: "1", pageContent: "a dog" });
    await store.delete({ ids: ["1", "3", "not there"] });
    expect((await store.similaritySearch("dog", 10)).map(({ id }) => id)).toEqual(["2"]);
  });

  it("diversifies: of two that say the same, one", async () => {
    const store = await VectronVectorStore.fromTexts(
      ["cat dog", "dog cat", "cat car"],
      {},
      embeddings,
      options(),
    );
    const near = await store.maxMarginalRelevanceSearch("cat dog", { k: 2, lambda: 1 });
    expect(near.map(({ pageContent }) => pageContent).sort()).toEqual(["cat dog", "dog cat"]);
    const diverse = await store.maxMarginalRelevanceSearch("cat dog", { k: 2, lambda: 0.1 });
    expect(diverse.map(({ pageContent }) => pageContent)).toContain("cat car");
    const few = await store.maxMarginalRelevanceSearch("cat dog", { k: 2, fetchK: 2, lambda: 0.1 });
    expect(few.map(({ pageContent }) => pageContent)).not.toContain("cat car");
  });
});
