import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cleanUp, open, recall } from "./support.ts";

cleanUp();

/** What the quickstart has fetched: the 100,000 most frequent words, 100 dimensions. */
const FILE = fileURLToPath(new URL("../../../../.cache/glove/100000.f32", import.meta.url));
const DIMENSION = 100;
const QUERIES = 200;

test("real word vectors are found: at default settings, and by a graph with its defaults", async ({
  skip,
}) => {
  if (process.env.VECTRON_HEAVY !== "1") skip("heavy: it needs minutes");
  if (!existsSync(FILE)) skip(`there is no ${FILE}: the quickstart fetches it`);
  const bytes = readFileSync(FILE);
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const vectors = Array.from({ length: all.length / DIMENSION }, (_, n) =>
    all.subarray(n * DIMENSION, (n + 1) * DIMENSION),
  );
  const queries = vectors.splice(-QUERIES);
  const client = await open();
  await client.createCollection({ name: "words", dimension: DIMENSION, distance: "cosine" });
  const points = vectors.map((vector, n) => ({ id: `${n}`, vector }));
  await client.bulkUpsert("words", points);
  expect(await recall(client, "words", queries)).toBe(1);
  await client.engine.setIndexOptions("words", { tier: "hnsw" });
  expect((await client.engine.waitUntilIndexed("words")).tier).toBe("hnsw");
  expect(await recall(client, "words", queries)).toBeGreaterThanOrEqual(0.98);
}, 900_000);
