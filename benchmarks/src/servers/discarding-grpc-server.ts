import { Child } from "../harness/child.ts";

/** A server under way in a process of its own. */
export interface BenchServer {
  /** `host:port`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** What the server is told first. */
export interface DiscardingServerSetup {
  /** How many results a Search gets, each with two payload entries and no vector. */
  readonly results: number;
  /** How many calls it allows in a second, as a stock server counts them. Undefined: any number. */
  readonly callsPerSecond?: number | undefined;
}

/**
 * Starts a gRPC server that looks at requests only to count their points, and
 * answers every Upsert, Search and ListCollections at once.
 */
export async function startDiscardingGrpcServer(setup: DiscardingServerSetup): Promise<BenchServer> {
  const main = new URL("./discarding-grpc-main.ts", import.meta.url);
  const { child, ready } = await Child.start<number>(main, setup);
  return { address: `127.0.0.1:${ready}`, stop: () => child.stop() };
}
