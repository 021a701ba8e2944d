import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { restartPort, type ServerProcess, startServerProcess } from "@vectron/fixtures";
import type { Ports } from "./back-end.ts";

const PROGRAM = fileURLToPath(new URL("children/serve.mjs", import.meta.url));

/** A local server that keeps its data in a directory, and outlives being killed. */
export interface DurableServer extends ServerProcess {
  readonly ports: Ports;
  /** Kills it for good, and removes its data. */
  close(): Promise<void>;
}

/** Starts a server in a process of its own, on ports that stay the same when it is restarted. */
export async function startDurableServer(jwtSecret: string): Promise<DurableServer> {
  const path = await mkdtemp(join(tmpdir(), "vectron-faults-"));
  const ports = { grpc: await restartPort(), http: await restartPort() };
  const server = await startServerProcess([PROGRAM, `${ports.grpc}`, `${ports.http}`, path, jwtSecret]);
  return {
    ...server,
    ports,
    async close() {
      await server.kill();
      await rm(path, { recursive: true, force: true });
    },
  };
}
