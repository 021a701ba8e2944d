import { VectronClient } from "@vectron/node";
import { API_KEY, COLLECTION, type OpenClient, TOP_K } from "./bench-client.ts";

/** `@vectron/node` with every feature on its default. */
export const openVectron: OpenClient = ({ address, points, query }) => {
  const client = new VectronClient({ host: address, apiKey: API_KEY });
  return {
    search: () => client.search(COLLECTION, { vector: query, topK: TOP_K }),
    upsert: () => client.upsert(COLLECTION, points),
  };
};
