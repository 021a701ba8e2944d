import { openVectron } from "@vectron/local";
import type { OpenEngine } from "./engine.ts";

const COLLECTION = "vectors";

/** `@vectron/local` in a directory, by its public calls and with its default options. */
export const openVectronEngine: OpenEngine = async (path, dimension) => {
  const client = await openVectron({ path });
  await client.ensureCollection({ name: COLLECTION, dimension, distance: "euclidean" });
  return {
    async load(vectors, first) {
      const points = Array.from({ length: vectors.length / dimension }, (_, n) => ({
        id: String(first + n),
        vector: vectors.subarray(n * dimension, (n + 1) * dimension),
      }));
      await client.upsert(COLLECTION, points, { timeoutMs: 600_000 });
    },
    async build() {
      await client.engine.waitUntilIndexed(COLLECTION);
    },
    async search(vector, topK) {
      const hits = await client.search(COLLECTION, { vector, topK });
      return hits.map(({ id }) => Number(id));
    },
    close: () => client.close(),
  };
};
