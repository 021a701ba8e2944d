import { VectronClient } from "@vectron/node";

const client = new VectronClient({ host: process.argv[2], apiKey: "benchmark-token" });
await client.listCollections();
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ wallMs: performance.now(), cpuMs: (user + system) / 1_000 }));
await client.close();
