import { VectronClient as NodeClient } from "@vectron/node";

const client = new NodeClient({ host: "localhost:8081", apiKey: "YOUR_TOKEN" });
await client.createCollection({ name: "docs", dimension: 4, distance: "cosine" });
await client.upsert("docs", [
  { id: "a", vector: [0.1, 0.2, 0.3, 0.4], payload: { lang: "en" } },
  { id: "b", vector: [0.5, 0.6, 0.7, 0.8], payload: { lang: "de" } },
]);
const vector = [0.1, 0.2, 0.3, 0.4];
// --- the snippet ---
await client.close();
