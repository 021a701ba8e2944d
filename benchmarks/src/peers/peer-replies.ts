import { makePoints } from "../data/points.ts";
import type { HttpReply } from "../servers/discarding-http-server.ts";

const RESULTS = 10;

/** What each peer's server answers, in its own form: the same ten results to a search. */
export function peerReplies(upserted: number): HttpReply[] {
  const found = makePoints(RESULTS, 1).map(({ id, payload }, index) => ({ id, payload, score: index / 10 }));
  const collection = { id: "8ecf0f7e-e806-47f8-96a1-4732ef42359e", name: "documents", metadata: null };
  return [
    // Vectron, of which the other search's path is an ending.
    { path: "/v1/collections/documents/points/search", body: { results: found } },
    { path: "/v1/collections/documents/points", body: { upserted } },
    // Qdrant.
    {
      path: "/points/search",
      body: { result: found.map((one, id) => ({ ...one, id, version: 0 })), status: "ok", time: 0 },
    },
    { path: "/points", body: { result: { operation_id: 0, status: "completed" }, status: "ok", time: 0 } },
    // Pinecone.
    {
      path: "/query",
      body: {
        matches: found.map(({ id, score, payload }) => ({ id, score, metadata: payload })),
        namespace: "",
      },
    },
    { path: "/vectors/upsert", body: { upsertedCount: upserted } },
    // Chroma.
    { path: "/pre-flight-checks", body: { max_batch_size: 5_000, supports_base64_encoding: true } },
    {
      path: "/auth/identity",
      body: { user_id: "", tenant: "default_tenant", databases: ["default_database"] },
    },
    {
      path: "/databases/default_database/collections",
      body: { ...collection, tenant: "default_tenant", database: "default_database", configuration_json: {} },
    },
    { path: "/upsert", body: {} },
  ];
}

/** Chroma's answer to a query; Pinecone's has the same path. */
export function chromaReplies(): HttpReply[] {
  const found = makePoints(RESULTS, 1);
  return [
    {
      path: "/query",
      body: {
        ids: [found.map(({ id }) => id)],
        distances: [found.map((_, index) => index / 10)],
        metadatas: [found.map(({ payload }) => payload)],
        documents: null,
        embeddings: null,
        uris: null,
        include: ["metadatas", "distances"],
      },
    },
  ];
}
