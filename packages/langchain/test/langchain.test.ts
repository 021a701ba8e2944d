// What LangChain itself does with a vector store.
import type { Document } from "@langchain/core/documents";
import { index } from "@langchain/core/indexing";
import { RunnablePassthrough, RunnableSequence } from "@langchain/core/runnables";
import { openMemory } from "@vectron/local/memory";
import { afterAll, describe, expect, it } from "vitest";
import { VectronVectorStore } from "../src/index.ts";
import { MemoryRecordManager } from "./support/memory-record-manager.ts";
import { WordEmbeddings } from "./support/word-embeddings.ts";

const client = openMemory();
afterAll(() => client.close());

const embeddings = new WordEmbeddings("cat", "dog", "car");
const texts = ["cat dog", "dog cat", "cat car"];

describe("LangChain", () => {
  it("makes retrievers of both kinds", async () => {
    const store = await VectronVectorStore.fromTexts(texts, {}, embeddings, {
      client,
      collection: "retriever",
    });
    expect(await store.asRetriever(1).invoke("car")).toMatchObject([{ pageContent: "cat car" }]);
    const diverse = store.asRetriever({ k: 2, searchType: "mmr", searchKwargs: { lambda: 0.1 } });
    expect((await diverse.invoke("cat dog")).map(({ pageContent }) => pageContent)).toContain("cat car");
    await diverse.addDocuments([{ pageContent: "car", metadata: {} }]);
    expect(await store.similaritySearch("car", 1)).toMatchObject([{ pageContent: "car" }]);
  });

  it("puts a retriever into a chain", async () => {
    const store = await VectronVectorStore.fromTexts(texts, {}, embeddings, { client, collection: "chain" });
    const join = (found: Document[]) => found.map(({ pageContent }) => pageContent).join("; ");
    const chain = RunnableSequence.from([
      { context: store.asRetriever(1).pipe(join), question: new RunnablePassthrough() },
      ({ context, question }) => `${question}? ${context}`,
    ]);
    expect(await chain.invoke("car")).toBe("car? cat car");
  });

  it("keeps an index up to date: adds what is new, deletes what is gone", async () => {
    const store = new VectronVectorStore(embeddings, { client, collection: "index" });
    const recordManager = new MemoryRecordManager();
    const docsSource = texts.map((pageContent) => ({ pageContent, metadata: { source: "pets.txt" } }));
    const run = (docs: typeof docsSource) =>
      index({
        docsSource: docs,
        vectorStore: store,
        recordManager,
        options: { cleanup: "full", sourceIdKey: "source" },
      });
    expect(await run(docsSource)).toMatchObject({ numAdded: 3, numDeleted: 0, numSkipped: 0 });
    expect(await run(docsSource.slice(1))).toMatchObject({ numAdded: 0, numDeleted: 1, numSkipped: 2 });
    const left = await store.similaritySearch("cat dog", 10);
    expect(left.map(({ pageContent }) => pageContent).sort()).toEqual(["cat car", "dog cat"]);
  });

  it("cannot print a store, nor the client in it", async () => {
    const store = new VectronVectorStore(embeddings, { client, collection: "printed" });
    expect(JSON.parse(JSON.stringify(store))).toMatchObject({ type: "not_implemented" });
  });
});
