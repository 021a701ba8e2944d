import type { Distance, VectronClient } from "@vectron/core";
import type { ConformanceCase } from "../conformance-case.ts";
import { firstOf, type InvalidInput, invalidInputCases, LONE_SURROGATES } from "./invalid-table.ts";

const BAD_DIMENSIONS = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "4", null, undefined];
const BAD_DISTANCES = ["Cosine", "l2", "", " cosine", "manhattan", null, 1];

/** Every call that takes a collection's name. */
const NAMED_CALLS: Readonly<Record<string, (client: VectronClient, name: string) => unknown>> = {
  createCollection: (client, name) => client.createCollection({ name, dimension: 2 }),
  ensureCollection: (client, name) => client.ensureCollection({ name, dimension: 2 }),
  deleteCollection: (client, name) => client.deleteCollection(name),
  getCollectionStatus: (client, name) => client.getCollectionStatus(name),
  waitUntilReady: (client, name) => client.waitUntilReady(name),
  upsert: (client, name) => client.upsert(name, [{ id: "a", vector: [1, 2] }]),
  get: (client, name) => client.get(name, "a"),
  delete: (client, name) => client.delete(name, "a"),
  search: (client, name) => client.search(name, { vector: [1, 2] }),
  searchStream: (client, name) => firstOf(client.searchStream(name, { vector: [1, 2] })),
  bulkUpsert: (client, name) => client.bulkUpsert(name, [{ id: "a", vector: [1, 2] }]),
  bulkWriter: (client, name) => client.bulkWriter(name),
  getMany: (client, name) => client.getMany(name, ["a"]),
  deleteMany: (client, name) => client.deleteMany(name, ["a"]),
  searchMany: (client, name) => client.searchMany(name, [{ vector: [1, 2] }]),
  submitFeedback: (client, collection) =>
    client.submitFeedback({ collection, items: [{ resultId: "a", relevanceScore: 5 }] }),
  collection: (client, name) => client.collection(name),
};

/** What the argument is called where it is not `collection`. */
const NAME_ARGUMENTS: Readonly<Record<string, string>> = {
  createCollection: "name",
  ensureCollection: "name",
  deleteCollection: "name",
  getCollectionStatus: "name",
  waitUntilReady: "name",
};

const creations = {
  create: (client: VectronClient, config: object) => client.createCollection(config as never),
  ensure: (client: VectronClient, config: object) => client.ensureCollection(config as never),
};

const inputs: InvalidInput[] = Object.entries(creations).flatMap(([verb, create]) => [
  ...BAD_DIMENSIONS.map((dimension) => ({
    id: `${verb}-dimension-${JSON.stringify(String(dimension)).slice(1, -1)}${typeof dimension === "string" ? "-as-text" : ""}`,
    call: (client: VectronClient) => create(client, { name: "x", dimension }),
    names: ["dimension", `got ${typeof dimension === "string" ? JSON.stringify(dimension) : dimension}`],
  })),
  ...BAD_DISTANCES.map((distance) => ({
    id: `${verb}-distance-${distance === "" ? "empty" : String(distance).trim()}${distance === " cosine" ? "-after-a-space" : ""}`,
    call: (client: VectronClient) =>
      create(client, { name: "x", dimension: 2, distance: distance as Distance }),
    names: ["distance", `got ${typeof distance === "string" ? JSON.stringify(distance) : distance}`],
  })),
  {
    id: `${verb}-unknown-option`,
    call: (client: VectronClient) => create(client, { name: "x", dimension: 2, metric: "cosine" }),
    names: ["metric"],
  },
  {
    id: `${verb}-no-config`,
    call: (client: VectronClient) => create(client, undefined as never),
    names: ["collection", "got undefined"],
  },
  {
    id: `${verb}-config-is-a-name`,
    call: (client: VectronClient) => create(client, "docs" as never),
    names: ["collection", 'got "docs"'],
  },
]);

const names: InvalidInput[] = Object.entries(NAMED_CALLS).flatMap(([method, call]) => {
  const argument = NAME_ARGUMENTS[method] ?? "collection";
  return [
    { id: `${method}-empty-collection`, call: (client) => call(client, ""), names: [argument, 'got ""'] },
    {
      id: `${method}-collection-is-no-string`,
      call: (client) => call(client, 42 as never),
      names: [argument, "got 42"],
    },
    {
      id: `${method}-collection-with-lone-surrogate`,
      call: (client) => call(client, LONE_SURROGATES[2] ?? ""),
      names: [argument, "surrogate"],
    },
  ] satisfies InvalidInput[];
});

export const invalidCollectionCases: readonly ConformanceCase[] = invalidInputCases([...inputs, ...names]);
