// For Node, Bun and Deno: fills a directory, opens it again and prints what the
// engine answers from it, with the native parts: storage and the graph index.
import { argv, stdout } from "node:process";
import { openVectron } from "@vectron/local";

const POINTS = 500;
const DIMENSION = 8;
const QUERY = { vector: vectorOf(123.5), topK: 5 };

const path = argv[2]!;
for (const isNew of [true, false]) {
  const client = await openVectron({ path });
  if (isNew) {
    await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "cosine" });
    await client.engine.setIndexOptions("docs", { tier: "hnsw" });
    const points = Array.from({ length: POINTS }, (_, n) => ({ id: `p${n}`, vector: vectorOf(n) }));
    await client.upsert("docs", points);
    await client.delete("docs", "p0");
  }
  const { tier, indexed, points } = await client.engine.waitUntilIndexed("docs");
  const found = await client.search("docs", QUERY);
  const exact = await client.engine.searchExact("docs", QUERY);
  await client.close();
  stdout.write(`${JSON.stringify({ tier, indexed, points, found: ids(found), exact: ids(exact) })}\n`);
}

function vectorOf(n: number): number[] {
  return Array.from({ length: DIMENSION }, (_, i) => Math.sin(n * (i + 1)));
}

function ids(hits: readonly { readonly id: string }[]): string[] {
  return hits.map(({ id }) => id);
}
