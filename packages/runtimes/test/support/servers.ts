import { refusedAddress } from "@vectron/fixtures";
import { startServer } from "@vectron/local";
import type { BackEnd, Cell } from "../../src/job.ts";

const API_KEY = "key-of-the-runtimes";

/** The part of a job that says where the servers are. */
export interface Location {
  readonly address: string;
  readonly nowhere: string;
  readonly apiKey: string;
}

/** Local servers that ask for a key. */
export interface Servers {
  /** What a client of a combination has to know. */
  locate(cell: Omit<Cell, "runtime">): Location;
  close(): Promise<void>;
}

/** Starts a server with an engine, and a bridge to another one. Each has both sides. */
export async function startServers(): Promise<Servers> {
  const engine = await startServer({ apiKey: API_KEY, httpPort: 0 });
  const upstream = await startServer({ apiKey: API_KEY });
  const bridge = await startServer({ upstream: upstream.grpcAddress, httpPort: 0 });
  const servers = { engine, bridge };
  const nowhere = await refusedAddress();

  const addressOf = (backEnd: Exclude<BackEnd, "none">, isGrpc: boolean): string =>
    isGrpc ? servers[backEnd].grpcAddress : servers[backEnd].httpUrl!;

  return {
    locate({ transport, backEnd }) {
      const isGrpc = transport === "grpc";
      return {
        address: backEnd === "none" ? "" : addressOf(backEnd, isGrpc),
        nowhere: isGrpc ? nowhere : `http://${nowhere}`,
        apiKey: API_KEY,
      };
    },
    async close() {
      await bridge.close();
      await Promise.all([engine.close(), upstream.close()]);
    },
  };
}
