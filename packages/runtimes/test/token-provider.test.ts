import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { startServer } from "@vectron/local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker } from "./support/runtimes/workerd-runtime.ts";

const API_KEY = "key-of-the-token-provider";

/** Never answers the first who asks for a token; answers all others. */
class TokenServer {
  readonly #server = createServer((_request, response) => this.#answer(response));
  /** Settles when somebody has asked. */
  readonly asked = once(this.#server, "request");
  count = 0;

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(response: ServerResponse): void {
    this.count += 1;
    if (this.count > 1) response.end(API_KEY);
  }
}

const tokens = new TokenServer();
let server: Awaited<ReturnType<typeof startServer>>;
let worker: ReturnType<typeof startWorker>;

beforeAll(async () => {
  server = await startServer({ apiKey: API_KEY, httpPort: 0 });
  worker = startWorker("token-worker", { SERVER_URL: server.httpUrl!, TOKEN_URL: await tokens.listen() });
});

afterAll(async () => {
  await worker.dispose();
  tokens.close();
  await server.close();
});

test("a worker's request does not wait for the token that a request which has ended was fetching", async () => {
  expect(await (await worker.dispatchFetch("http://worker/leave")).text()).toBe("left");
  await tokens.asked;
  const reply = await worker.dispatchFetch("http://worker/", { signal: AbortSignal.timeout(30_000) });
  expect(await reply.text()).toBe("[]");
  expect(tokens.count).toBe(2);
});
