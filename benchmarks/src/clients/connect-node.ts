import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { VectronService } from "@vectron/protobuf-reference";
import { withNumbers } from "../data/points.ts";
import { API_KEY, COLLECTION, type OpenClient, TIMEOUT_MS, TOP_K } from "./bench-client.ts";

/** connect-node's gRPC transport with protobuf-es's messages. */
export const openConnectNode: OpenClient = ({ address, points, query }) => {
  const client = createClient(VectronService, createGrpcTransport({ baseUrl: `http://${address}` }));
  const numbers = withNumbers(points);
  const vector = [...query];
  const options = () => ({ timeoutMs: TIMEOUT_MS, headers: { authorization: `Bearer ${API_KEY}` } });
  return {
    search: () =>
      client.search({ collection: COLLECTION, vector, topK: TOP_K, includeMetadata: true }, options()),
    upsert: () => client.upsert({ collection: COLLECTION, points: numbers }, options()),
  };
};
