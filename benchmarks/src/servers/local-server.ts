import { Child } from "../harness/child.ts";
import type { BenchServer } from "./discarding-grpc-server.ts";

/** What the server is told first. */
export interface LocalServerSetup {
  readonly dimension: number;
  /** How many points its collection has at first. */
  readonly points: number;
}

/** Starts the server of `@vectron/local`, in memory, with the collection that every client uses. */
export async function startLocalServer(setup: LocalServerSetup): Promise<BenchServer> {
  const main = new URL("./local-server-main.ts", import.meta.url);
  const { child, ready } = await Child.start<string>(main, setup);
  return { address: ready, stop: () => child.stop() };
}
