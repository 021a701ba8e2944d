import type { VectronClient } from "../../../src/index.ts";
import type { ScriptedMethod } from "../../../src/testing/index.ts";
import { collect, QUERY } from "../../support.ts";

/** The calls of the client by the method that they use. */
export const CALLS: Readonly<Partial<Record<ScriptedMethod, (client: VectronClient) => Promise<unknown>>>> = {
  createCollection: (client) =>
    client.createCollection({ name: "docs", dimension: 2 }, { waitUntilReady: false }),
  deleteCollection: (client) => client.deleteCollection("docs"),
  upsert: (client) => client.upsert("docs", [{ id: "a", vector: [1, 2] }]),
  search: (client) => client.search("docs", QUERY),
  searchStream: (client) => collect(client.searchStream("docs", QUERY)),
  get: (client) => client.get("docs", "a"),
  delete: (client) => client.delete("docs", "a"),
  listCollections: (client) => client.listCollections(),
  getCollectionStatus: (client) => client.getCollectionStatus("docs"),
  updateUserProfile: (client) => client.updateUserProfile({ plan: "paid" }),
  submitFeedback: (client) =>
    client.submitFeedback({ collection: "docs", items: [{ resultId: "a", relevanceScore: 3 }] }),
};

export const EVERY_METHOD = Object.keys(CALLS) as ScriptedMethod[];

export const SEARCHES = ["search", "searchStream"] as const;
