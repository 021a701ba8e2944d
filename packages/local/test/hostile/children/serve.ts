// Runs a server and says where it listens. Argument: its options as JSON. On its input, `memory` asks for what it
// uses after a collection of garbage; SIGTERM closes it in good order.
import { createInterface } from "node:readline";
import { startServer } from "../../../src/server/start-server.ts";

const server = await startServer(JSON.parse(process.argv[2]!));
process.once("SIGTERM", async () => {
  await server.close();
  process.exit(0);
});
createInterface({ input: process.stdin }).on("line", () => {
  globalThis.gc?.();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  console.log(`memory ${JSON.stringify({ rss, heapUsed, external, arrayBuffers })}`);
});
console.log(`listening ${JSON.stringify({ grpcPort: server.grpcPort, httpPort: server.httpPort })}`);
