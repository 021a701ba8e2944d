import { startServer } from "@vectron/local";

// --- the snippet ---
await bridge.close();
