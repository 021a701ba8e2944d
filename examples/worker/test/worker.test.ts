import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { startRecipeServer } from "@vectron-examples/recipes/server";
import { expect, it } from "vitest";
import { startLocalWorker } from "../src/local-worker.ts";

it("answers from inside workerd", async () => {
  const server = await startRecipeServer(0, "local-key");
  const worker = await startLocalWorker(0, server.httpUrl!);
  try {
    const url = await worker.ready;
    const found = (await (await fetch(new URL("?q=tomato,basil,cheese", url))).json()) as unknown[];
    expect(found).toHaveLength(5);
    expect(found[0]).toMatchObject({ id: "Caprese" });
    expect((await fetch(url)).status).toBe(400);
  } finally {
    await worker.dispose();
    await server.close();
  }
});

it("cancels the search of a caller who leaves", async () => {
  // A gateway that never answers.
  const gateway = createServer((request) => request.resume()).listen(0, "127.0.0.1");
  await once(gateway, "listening");
  const { port } = gateway.address() as AddressInfo;
  const worker = await startLocalWorker(0, `http://127.0.0.1:${port}`);
  try {
    const { hostname, port: workerPort } = await worker.ready;
    const searching = once(gateway, "request");
    const caller = connect(Number(workerPort), hostname);
    caller.write("GET /?q=tomato HTTP/1.1\r\nHost: worker\r\n\r\n");
    const [, response] = await searching;
    const cancelled = once(response, "close");
    // workerd does not watch for a connection that is only half closed.
    caller.resetAndDestroy();
    await cancelled;
  } finally {
    await worker.dispose();
    gateway.closeAllConnections();
    gateway.close();
  }
});
