// The Python client's "API Operations" program.
import { NotFoundError, type PointInput, VectronClient, VectronError } from "@vectron/node";

export async function main(host: string, apiKey: string): Promise<void> {
  const client = new VectronClient({ host, apiKey });
  try {
    // Create a collection
    await client.createCollection({ name: "my-ts-collection", dimension: 4, distance: "cosine" });
    console.log("Collection created.");

    // List collections
    const collections = await client.listCollections();
    console.log(`Available collections: ${collections}`);

    // Upsert vectors
    const pointsToUpsert: PointInput[] = [
      { id: "vec1", vector: [0.1, 0.2, 0.3, 0.4] },
      { id: "vec2", vector: [0.5, 0.6, 0.7, 0.8] },
    ];
    const upsertCount = await client.upsert("my-ts-collection", pointsToUpsert);
    console.log(`Upserted ${upsertCount} points.`);

    // Search for vectors
    const results = await client.search("my-ts-collection", { vector: [0.1, 0.2, 0.3, 0.4], topK: 1 });
    for (const result of results) {
      console.log(`Found: ID=${result.id}, Score=${result.score}`);
    }
  } catch (error) {
    if (error instanceof NotFoundError) {
      console.log(`A required resource was not found: ${error.message}`);
    } else if (error instanceof VectronError) {
      console.log(`A Vectron-specific error occurred: ${error.message}`);
    } else {
      throw error;
    }
  } finally {
    await client.close();
  }
}
