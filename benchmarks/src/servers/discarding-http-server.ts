import { Child } from "../harness/child.ts";
import type { BenchServer } from "./discarding-grpc-server.ts";

/** What one path answers with: JSON of this. A path in the request that ends with `path` matches. */
export interface HttpReply {
  readonly path: string;
  readonly body: unknown;
}

/**
 * Starts an HTTP server that reads each request to its end without a look at it,
 * and answers with what was prepared for its path.
 */
export async function startDiscardingHttpServer(replies: readonly HttpReply[]): Promise<BenchServer> {
  const main = new URL("./discarding-http-main.ts", import.meta.url);
  const { child, ready } = await Child.start<number>(main, replies);
  return { address: `127.0.0.1:${ready}`, stop: () => child.stop() };
}
