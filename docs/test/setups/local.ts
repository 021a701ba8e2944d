import { openVectron as open } from "@vectron/local";

const client = await open();
await client.createCollection({ name: "docs", dimension: 4, distance: "cosine" });
await client.upsert("docs", [{ id: "a", vector: [0.1, 0.2, 0.3, 0.4], payload: { lang: "en" } }]);
const vector = [0.1, 0.2, 0.3, 0.4];
// --- the snippet ---
await client.close();
