import assert from "node:assert/strict";
import type { SearchResult } from "@vectron/core";
import type { Clients } from "../clients.ts";
import type { Act, MethodCase } from "./method-case.ts";

const VECTOR = [1, 2];
const QUERY = { vector: VECTOR, topK: 1 };

/** The methods of `VectronClient` that are one call on the wire each. */
export const gatewayMethods: readonly MethodCase[] = [
  {
    name: "createCollection",
    service: "gateway",
    repetition: "after a look",
    arrange: async ({ vectron: direct }, id) => ({
      call: ({ vectron }, options) =>
        vectron.createCollection({ name: id, dimension: 2 }, { ...options, waitUntilReady: false }),
      check: async () => assert.equal((await direct.getCollectionStatus(id)).dimension, 2),
    }),
  },
  {
    name: "deleteCollection",
    service: "gateway",
    repetition: "after a look",
    arrange: inCollection(({ vectron: direct }, id) => ({
      call: ({ vectron }, options) => vectron.deleteCollection(id, options),
      check: async () => assert.ok(!(await direct.listCollections()).includes(id)),
    })),
  },
  read("listCollections", async ({ vectron }, id, options) => {
    assert.ok((await vectron.listCollections(options)).includes(id));
  }),
  read("getCollectionStatus", async ({ vectron }, id, options) => {
    assert.equal((await vectron.getCollectionStatus(id, options)).name, id);
  }),
  {
    name: "upsert",
    service: "gateway",
    repetition: "harmless",
    arrange: inCollection(({ vectron: direct }, id) => ({
      call: async ({ vectron }, options) => {
        assert.equal(await vectron.upsert(id, [{ id: "new", vector: VECTOR }], options), 1);
      },
      check: async () => assert.equal((await direct.get(id, "new")).id, "new"),
    })),
  },
  read("get", async ({ vectron }, id, options) => {
    assert.equal((await vectron.get(id, "point", options)).id, "point");
  }),
  {
    name: "delete",
    service: "gateway",
    repetition: "harmless",
    arrange: inCollection(({ vectron: direct }, id) => ({
      call: ({ vectron }, options) => vectron.delete(id, "point", options),
      check: async () => assert.deepEqual(await direct.getMany(id, ["point"]), [undefined]),
    })),
  },
  read("search", async ({ vectron }, id, options) => {
    assert.equal((await vectron.search(id, QUERY, options))[0]?.id, "point");
  }),
  read("searchStream", async ({ vectron }, id, options) => {
    let last: SearchResult[] = [];
    for await (const results of vectron.searchStream(id, QUERY, options)) last = results;
    assert.equal(last[0]?.id, "point");
  }),
  {
    name: "submitFeedback",
    service: "gateway",
    repetition: "never",
    arrange: inCollection((_direct, id) => ({
      call: async ({ vectron }, options) => {
        const items = [{ resultId: "point", relevanceScore: 5 }];
        assert.notEqual(await vectron.submitFeedback({ collection: id, query: "a", items }, options), "");
      },
      check: async () => {},
    })),
  },
  {
    name: "updateUserProfile",
    service: "gateway",
    repetition: "harmless",
    arrange: async () => ({
      call: async ({ vectron }, options) => {
        assert.equal((await vectron.updateUserProfile({ plan: "paid" }, options)).plan, "paid");
      },
      check: async () => {},
    }),
  },
];

/** A call about a collection that has one point. */
function inCollection(act: (direct: Clients, id: string) => Act): MethodCase["arrange"] {
  return async (direct, id) => {
    await direct.vectron.createCollection({ name: id, dimension: 2 });
    await direct.vectron.upsert(id, [{ id: "point", vector: VECTOR }]);
    return act(direct, id);
  };
}

/** A method that only reads, and whose result is its only effect. */
function read(
  name: string,
  call: (clients: Clients, id: string, options: Parameters<Act["call"]>[1]) => Promise<void>,
): MethodCase {
  return {
    name,
    service: "gateway",
    repetition: "harmless",
    arrange: inCollection((_direct, id) => ({
      call: (clients, options) => call(clients, id, options),
      check: async () => {},
    })),
  };
}
