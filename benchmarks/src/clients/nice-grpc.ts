import { createChannel, createClientFactory, Metadata } from "nice-grpc";
import { deadlineMiddleware } from "nice-grpc-client-middleware-deadline";
import { withNumbers } from "../data/points.ts";
import { VectronServiceDefinition } from "../gen/ts-proto/vectron/v1/vectron.ts";
import { API_KEY, COLLECTION, type OpenClient, TIMEOUT_MS, TOP_K } from "./bench-client.ts";

/** nice-grpc with ts-proto's messages. */
export const openNiceGrpc: OpenClient = ({ address, points, query }) => {
  const client = createClientFactory()
    .use(deadlineMiddleware)
    .create(VectronServiceDefinition, createChannel(address));
  const numbers = withNumbers(points);
  const vector = [...query];
  const options = () => ({
    deadline: new Date(Date.now() + TIMEOUT_MS),
    metadata: Metadata({ authorization: `Bearer ${API_KEY}` }),
  });
  return {
    search: () =>
      client.search({ collection: COLLECTION, vector, topK: TOP_K, includeMetadata: true }, options()),
    upsert: () => client.upsert({ collection: COLLECTION, points: numbers }, options()),
  };
};
