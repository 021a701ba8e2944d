// Runs what is most likely to leave something open, from the built packages, and does not call process.exit.
import { runSuite } from "@vectron/conformance";
import { startServer } from "@vectron/local";
import { openMemory } from "@vectron/local/memory";
import { VectronClient } from "@vectron/node";

const only = [
  "cancellation",
  "closing",
  "concurrency",
  "deadlines",
  "failures",
  "interceptors",
  "many",
  "responses",
  "streaming",
];

const inProcess = {
  name: "in-process",
  capabilities: ["streaming", "strong-reads", "complete-search"],
  connect: openMemory,
};

const server = await startServer();
const grpc = {
  name: "grpc",
  capabilities: ["streaming", "strong-reads", "complete-search", "remote", "shared-server"],
  connect: (options) => new VectronClient({ ...options, host: server.grpcAddress }),
};

const results = [...(await runSuite(inProcess, { only })), ...(await runSuite(grpc, { only }))];
await server.close();

// Sockets that are closed already take a turn of the event loop to go.
await new Promise((resolve) => setImmediate(resolve));
const stillOpen = process
  .getActiveResourcesInfo()
  .filter((name) => !/^(PipeWrap|TTYWrap|Immediate)$/.test(name));
const failed = results.filter(({ status }) => status === "failed");
const passed = results.filter(({ status }) => status === "passed").length;
process.stdout.write(JSON.stringify({ failed, passed, stillOpen }));
