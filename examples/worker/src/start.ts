import { startLocalWorker } from "./local-worker.ts";

const worker = await startLocalWorker(8787, "http://127.0.0.1:8080");
console.log(`worker at ${await worker.ready}; try ?q=tomato,pasta. Ctrl+C ends it`);
process.once("SIGINT", () => void worker.dispose());
