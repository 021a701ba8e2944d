// Starts the embedded server, loads real word vectors into it through the gRPC
// client, and searches them. Nothing here would change for a Vectron cluster but
// the address.
import { startServer } from "@vectron/local";
import { VectronClient } from "@vectron/node";
import { showErrors } from "./errors.ts";
import { loadGlove } from "./glove.ts";
import { showProgress, showTable } from "./terminal.ts";

const glove = loadGlove(100_000);

const server = await startServer({ apiKey: "quickstart" });
const client = new VectronClient({ host: `127.0.0.1:${server.grpcPort}`, apiKey: "quickstart" });
try {
  await client.createCollection({ name: "words", dimension: glove.dimension, distance: "cosine" });

  console.log(`Loading ${glove.words.length} words x ${glove.dimension} dimensions over gRPC`);
  const points = glove.words.map((word, index) => ({ id: word, vector: glove.vectorOf(index) }));
  const report = await client.bulkUpsert("words", points, {
    onProgress: ({ accepted }) => showProgress(accepted, points.length),
  });
  const seconds = report.elapsedMs / 1_000;
  console.log(
    `Loaded ${report.accepted} in ${seconds.toFixed(1)} s, ${Math.round(report.accepted / seconds)} a second\n`,
  );

  for (const word of ["king", "paris", "guitar"]) {
    const { vector } = await client.get("words", word);
    await searchFor(`nearest to "${word}"`, vector, [word]);
  }

  // king - man + woman
  const [king, man, woman] = await client.getMany("words", ["king", "man", "woman"]);
  if (!king || !man || !woman) throw new Error("the words of the analogy are not there");
  const queen = king.vector.map((value, i) => value - (man.vector[i] ?? 0) + (woman.vector[i] ?? 0));
  await searchFor('"king" - "man" + "woman"', queen, ["king", "man", "woman"]);

  await showErrors(client, server.grpcPort);
} finally {
  await client.close();
  await server.close();
}

async function searchFor(title: string, vector: Float32Array, leaveOut: readonly string[]): Promise<void> {
  const start = performance.now();
  const results = await client.search("words", { vector, topK: 8 });
  const elapsedMs = performance.now() - start;
  const rows = results.filter(({ id }) => !leaveOut.includes(id)).slice(0, 5);
  showTable(
    `${title} (${elapsedMs.toFixed(1)} ms)`,
    rows.map(({ id, score }) => [id, score.toFixed(4)]),
  );
}
