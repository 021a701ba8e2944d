import { Pinecone } from "@pinecone-database/pinecone";
import { QdrantClient } from "@qdrant/js-client-rest";
import { VectronClient } from "@vectron/web/json";
import { ChromaClient } from "chromadb";
import { API_KEY, type BenchClient, type ClientWork, COLLECTION, TOP_K } from "../clients/bench-client.ts";
import { openVectron } from "../clients/vectron.ts";
import { withNumbers } from "../data/points.ts";

/** Opens a peer's client as its documentation shows it. `work.address` is of a server that answers as its own would. */
type OpenPeer = (work: ClientWork) => BenchClient | Promise<BenchClient>;

const openVectronJson: OpenPeer = ({ address, points, query }) => {
  const client = new VectronClient({ baseUrl: `http://${address}`, apiKey: API_KEY });
  return {
    search: () => client.search(COLLECTION, { vector: query, topK: TOP_K }),
    upsert: () => client.upsert(COLLECTION, points),
  };
};

const openQdrant: OpenPeer = ({ address, points, query }) => {
  const client = new QdrantClient({ url: `http://${address}`, apiKey: API_KEY, checkCompatibility: false });
  const records = withNumbers(points).map((point, id) => ({ ...point, id }));
  const vector = [...query];
  return {
    search: () => client.search(COLLECTION, { vector, limit: TOP_K, with_payload: true }),
    upsert: () => client.upsert(COLLECTION, { wait: true, points: records }),
  };
};

const openPinecone: OpenPeer = ({ address, points, query }) => {
  const client = new Pinecone({ apiKey: API_KEY });
  const index = client.index({ host: `http://${address}` });
  const records = withNumbers(points).map(({ id, vector, payload }) => ({
    id,
    values: vector,
    metadata: payload,
  }));
  const vector = [...query];
  return {
    search: () => index.query({ vector, topK: TOP_K, includeMetadata: true }),
    upsert: () => index.upsert({ records }),
  };
};

const openChroma: OpenPeer = async ({ address, points, query }) => {
  const [host, port] = address.split(":") as [string, string];
  const client = new ChromaClient({ host, port: Number(port), ssl: false });
  const collection = await client.createCollection({ name: COLLECTION, embeddingFunction: null });
  const numbers = withNumbers(points);
  const records = {
    ids: numbers.map(({ id }) => id),
    embeddings: numbers.map(({ vector }) => vector),
    metadatas: numbers.map(({ payload }) => payload),
  };
  const queryEmbeddings = [[...query]];
  return {
    search: () => collection.query({ queryEmbeddings, nResults: TOP_K, include: ["metadatas", "distances"] }),
    upsert: () => collection.upsert(records),
  };
};

/** Clients of several databases by the name that tables give them. */
export const PEERS = {
  "@vectron/node, gRPC": openVectron,
  "@vectron/web, HTTP/JSON": openVectronJson,
  "@qdrant/js-client-rest": openQdrant,
  "@pinecone-database/pinecone": openPinecone,
  "chromadb (vectors in base64)": openChroma,
} as const satisfies Record<string, OpenPeer>;

export type PeerName = keyof typeof PEERS;
