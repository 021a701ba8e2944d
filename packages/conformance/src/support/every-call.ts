import type { CallOptions, VectronClient } from "@vectron/core";

/** One call of each remote method, none of whose arguments is wrong, in a collection that may not exist. */
export const everyCall: Readonly<
  Record<string, (client: VectronClient, options?: CallOptions) => Promise<unknown>>
> = {
  createCollection: (client, options) =>
    client.createCollection({ name: "never reached", dimension: 2 }, options),
  deleteCollection: (client, options) => client.deleteCollection("never reached", options),
  listCollections: (client, options) => client.listCollections(options),
  getCollectionStatus: (client, options) => client.getCollectionStatus("never reached", options),
  upsert: (client, options) => client.upsert("never reached", [{ id: "a", vector: [1, 2] }], options),
  get: (client, options) => client.get("never reached", "a", options),
  delete: (client, options) => client.delete("never reached", "a", options),
  search: (client, options) => client.search("never reached", { vector: [1, 2] }, options),
  searchStream: (client, options) =>
    client
      .searchStream("never reached", { vector: [1, 2] }, options)
      [Symbol.asyncIterator]()
      .next(),
  getMany: (client, options) => client.getMany("never reached", ["a"], options),
  deleteMany: (client, options) => client.deleteMany("never reached", ["a"], options),
  searchMany: (client, options) => client.searchMany("never reached", [{ vector: [1, 2] }], options),
  submitFeedback: (client, options) =>
    client.submitFeedback(
      { collection: "never reached", items: [{ resultId: "a", relevanceScore: 5 }] },
      options,
    ),
  updateUserProfile: (client, options) => client.updateUserProfile({ plan: "free" }, options),
};
