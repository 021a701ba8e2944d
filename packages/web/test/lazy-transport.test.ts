import type { Transport } from "@vectron/core";
import { vectronService } from "@vectron/core/wire";
import { expect, test } from "vitest";
import { openConnectTransport } from "../src/connect/open-connect-transport.ts";
import { httpCapabilities } from "../src/http/capabilities.ts";
import { LazyTransport } from "../src/lazy-transport.ts";
import { resolveHttpOptions } from "../src/options/http-options.ts";
import { callOf, createClient } from "./support/clients.ts";
import { silence } from "./support/gateway.ts";
import { startServer } from "./support/http-server.ts";
import { startRpcServer } from "./support/rpc-server.ts";

function lazy(url: string, load: (transport: Transport) => Promise<Transport>): LazyTransport {
  const settings = resolveHttpOptions({ baseUrl: url });
  return new LazyTransport(httpCapabilities("connect", settings, true), () =>
    load(openConnectTransport(settings)),
  );
}

const list = () => callOf(vectronService.listCollections, {});

test.each(["grpc-web", "connect"] as const)(
  "%s is loaded by the first call, of either kind",
  async (protocol) => {
    const server = await startRpcServer({
      listCollections: () => ({ collections: ["a"] }),
      async *searchStream() {
        yield { results: [] };
      },
    });
    const client = createClient({ baseUrl: server.url, protocol });
    expect(await client.listCollections()).toEqual(["a"]);
    const streaming = createClient({ baseUrl: server.url, protocol });
    for await (const results of streaming.searchStream("a", { vector: [1] })) expect(results).toEqual([]);
  },
);

test("the code is loaded once, and not before it is needed", async () => {
  const server = await startRpcServer({ listCollections: () => ({ collections: [] }) });
  let loads = 0;
  const transport = lazy(server.url, async (loaded) => {
    loads += 1;
    return loaded;
  });
  expect(loads).toBe(0);
  await transport.unary(list());
  await transport.unary(list());
  expect(loads).toBe(1);
  await transport.close();
});

test("a failed load fails its call, of which nothing was sent, and is not remembered", async () => {
  const server = await startRpcServer({ listCollections: () => ({ collections: ["a"] }) });
  const offline = new TypeError("error loading dynamically imported module");
  const results = [Promise.reject(offline)];
  const transport = lazy(server.url, (loaded) => results.pop() ?? Promise.resolve(loaded));
  await expect(transport.unary(list())).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringMatching(
      /code of protocol connect could not be loaded: .*dynamically imported module/,
    ),
    requestSent: "no",
    cause: offline,
  });
  expect((await transport.unary(list())).message).toEqual({ collections: ["a"] });
  await transport.close();
});

test("calls that load at the same time end up on one transport, which closing cancels", async () => {
  const server = await startServer(silence);
  const transport = lazy(server.url, async (loaded) => loaded);
  const failed = Promise.allSettled([transport.unary(list()), transport.unary(list())]);
  await expect.poll(() => server.received).toHaveLength(2);
  await transport.close();
  for (const { reason } of (await failed) as PromiseRejectedResult[]) expect(reason.code).toBe("CANCELLED");
});

test("closed while it loads, it sends nothing", async () => {
  const server = await startServer(silence);
  let finish: () => void = () => {};
  const transport = lazy(server.url, async (loaded) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return loaded;
  });
  const call = expect(transport.unary(list())).rejects.toMatchObject({
    code: "CANCELLED",
    requestSent: "no",
  });
  await transport.close();
  finish();
  await call;
  expect(server.received).toEqual([]);
});
