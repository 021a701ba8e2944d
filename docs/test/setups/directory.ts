import { openVectron } from "@vectron/local";

// --- the snippet ---
await client.close();
