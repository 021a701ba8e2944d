import { CancelledError, VectronClient } from "@vectron/core";
import { hang, reply, ScriptedTransport } from "@vectron/core/testing";
import { openMemory } from "@vectron/local/memory";
import { describe, expect, it, onTestFinished } from "vitest";
import { VectronVectorStore } from "../src/index.ts";
import { WordEmbeddings } from "./support/word-embeddings.ts";

const embeddings = new WordEmbeddings("cat", "dog");
const collection = "docs";
const shard = { shardId: 1, replicas: ["1"], leaderId: "1", ready: true };
const status = (distance: string) => reply({ name: collection, dimension: 2, distance, shards: [shard] });

function scripted(script: ConstructorParameters<typeof ScriptedTransport>[0]) {
  const transport = new ScriptedTransport(script);
  const client = new VectronClient(transport, { retry: { maxAttempts: 1 } });
  onTestFinished(() => client.close());
  return { client, transport };
}

const methods = (transport: ScriptedTransport) => transport.calls.map(({ method }) => method);

describe("what a collection is like", () => {
  it("is not waited for in another caller's promise, which need not settle in an edge worker", async () => {
    const { client } = scripted({ getCollectionStatus: [hang(), status("cosine")], search: [reply()] });
    const store = new VectronVectorStore(embeddings, { client, collection });
    const stuck = store.similaritySearch("cat").catch((error: unknown) => error);
    expect(await store.similaritySearch("cat")).toEqual([]);
    await client.close();
    expect(await stuck).toBeInstanceOf(CancelledError);
  });

  it("is asked for once by callers who come one after the other", async () => {
    const { client, transport } = scripted({
      getCollectionStatus: [status("cosine")],
      search: [reply(), reply()],
    });
    const store = new VectronVectorStore(embeddings, { client, collection });
    await store.similaritySearch("cat");
    await store.similaritySearch("cat");
    expect(methods(transport)).toEqual(["getCollectionStatus", "search", "search"]);
  });

  it("is what the options say where the server's name for its distance is not known", async () => {
    const { client } = scripted({ getCollectionStatus: [status("l2"), status("l2")] });
    await expect(
      VectronVectorStore.fromExistingCollection(embeddings, { client, collection }),
    ).rejects.toThrow('with the distance "l2", which this version does not know: set options.distance');
    await VectronVectorStore.fromExistingCollection(embeddings, {
      client,
      collection,
      distance: "euclidean",
    });
  });
});

describe("the call that creates the collection", () => {
  it("is one of those that a signal cancels", async () => {
    const client = openMemory();
    onTestFinished(() => client.close());
    const store = new VectronVectorStore(embeddings, { client, collection });
    const adding = store.addDocuments([{ pageContent: "cat", metadata: {} }], {
      signal: AbortSignal.abort(),
    });
    await expect(adding).rejects.toBeInstanceOf(CancelledError);
    expect(await client.listCollections()).toEqual([]);
  });

  it("takes headers and time limit of those that add documents", async () => {
    const { client, transport } = scripted({
      getCollectionStatus: [status("cosine"), status("cosine")],
      createCollection: [reply()],
      upsert: [reply({ upserted: 1 })],
    });
    const store = new VectronVectorStore(embeddings, { client, collection });
    await store.addDocuments([{ pageContent: "cat", metadata: {} }], { headers: { "x-tenant": "acme" } });
    expect(methods(transport)).toEqual([
      "getCollectionStatus",
      "createCollection",
      "getCollectionStatus",
      "upsert",
    ]);
    expect(transport.calls.map(({ headers }) => headers["x-tenant"])).toEqual(Array(4).fill("acme"));
  });

  it("may be made by several at once", async () => {
    const client = openMemory();
    onTestFinished(() => client.close());
    const store = new VectronVectorStore(embeddings, { client, collection });
    await Promise.all(
      ["cat", "dog", "cat dog"].map((pageContent) => store.addDocuments([{ pageContent, metadata: {} }])),
    );
    expect(await store.similaritySearch("cat", 10)).toHaveLength(3);
  });
});
