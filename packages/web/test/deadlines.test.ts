import { getEventListeners } from "node:events";
import { vectronService } from "@vectron/core/wire";
import { describe, expect, test } from "vitest";
import { type CallOptions, createFetchTransport, type VectronClient } from "../src/index.ts";
import { callOf, createClient, PROTOCOLS } from "./support/clients.ts";
import { gatewayReply, silence, stalledAnswer } from "./support/gateway.ts";
import { type Answer, startServer } from "./support/http-server.ts";

type Protocol = (typeof PROTOCOLS)[number];

const search = (client: VectronClient, options: CallOptions = {}) =>
  client.search("docs", { vector: [1] }, options);

/** A reply that stands still half-way through its message, in each protocol. */
const STALLED: Readonly<Record<Protocol, Answer>> = {
  json: stalledAnswer("application/json", '{"results":['),
  "grpc-web": stalledAnswer("application/grpc-web+proto", Uint8Array.of(0, 0, 0, 0, 9, 1)),
  connect: stalledAnswer("application/proto", Uint8Array.of(10, 9, 1)),
};

const STANDSTILLS = PROTOCOLS.flatMap((protocol) => [
  { protocol, where: "before the reply", answer: silence },
  { protocol, where: "half-way through the reply", answer: STALLED[protocol] },
]);

describe.each(STANDSTILLS)("$protocol, a standstill $where", ({ protocol, answer }) => {
  test("ends at timeoutMs with a DeadlineExceededError", async () => {
    const server = await startServer(answer);
    const client = createClient({ baseUrl: server.url, protocol });
    await expect(search(client, { timeoutMs: 150 })).rejects.toMatchObject({ name: "DeadlineExceededError" });
  });

  test("ends at AbortSignal.timeout with a DeadlineExceededError", async () => {
    const server = await startServer(answer);
    const client = createClient({ baseUrl: server.url, protocol });
    const signal = AbortSignal.timeout(150);
    await expect(search(client, { signal })).rejects.toMatchObject({ name: "DeadlineExceededError" });
  });

  test("ends at an abort with a CancelledError", async () => {
    const controller = new AbortController();
    const abort = () => controller.abort(new Error("enough"));
    const server = await startServer((response, request) => {
      answer(response, request);
      if (answer === silence) abort();
    });
    const fetchThenAbort = async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      abort();
      return response;
    };
    const client = createClient({ baseUrl: server.url, protocol, fetch: fetchThenAbort });
    await expect(search(client, { signal: controller.signal })).rejects.toMatchObject({
      name: "CancelledError",
      cause: { message: "enough" },
    });
    await server.abandoned;
  });

  test("ends when the client is closed, with a CancelledError", async () => {
    const server = await startServer(answer);
    const client = createClient({ baseUrl: server.url, protocol });
    const failed = expect(search(client)).rejects.toMatchObject({ name: "CancelledError" });
    await expect.poll(() => server.received).toHaveLength(1);
    await client.close();
    await failed;
    await server.abandoned;
  });
});

describe.each(PROTOCOLS)("%s", (protocol) => {
  test("an aborted signal sends nothing", async () => {
    const server = await startServer(silence);
    const client = createClient({ baseUrl: server.url, protocol });
    await expect(search(client, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "CancelledError",
    });
    expect(server.received).toEqual([]);
  });

  test("the transport refuses what is aborted, late or after its closing, and sends nothing", async () => {
    const server = await startServer(silence);
    const transport = createFetchTransport({ baseUrl: server.url, protocol });
    const attempt = (changes: object) => transport.unary(callOf(vectronService.listCollections, {}, changes));
    await expect(attempt({ signal: AbortSignal.abort("why") })).rejects.toMatchObject({
      code: "CANCELLED",
      cause: "why",
      requestSent: "no",
    });
    await expect(attempt({ deadline: Date.now() - 1 })).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
      requestSent: "no",
    });
    await transport.close();
    await transport.close();
    await expect(attempt({})).rejects.toMatchObject({ code: "CANCELLED", requestSent: "no" });
    expect(server.received).toEqual([]);
  });

  test("the transport's closing cancels its calls on the wire", async () => {
    const server = await startServer(silence);
    const transport = createFetchTransport({ baseUrl: server.url, protocol });
    const failed = expect(transport.unary(callOf(vectronService.listCollections, {}))).rejects.toMatchObject({
      code: "CANCELLED",
      message: "the client was closed during the call",
    });
    await expect.poll(() => server.received).toHaveLength(1);
    await transport.close();
    await failed;
    await server.abandoned;
  });

  test("two calls on one signal are both cancelled, and its own handler runs", async () => {
    const server = await startServer(silence);
    const client = createClient({ baseUrl: server.url, protocol });
    const controller = new AbortController();
    const { signal } = controller;
    let handled = 0;
    signal.onabort = () => {
      handled += 1;
    };
    const calls = Promise.allSettled([search(client, { signal }), search(client, { signal })]);
    await expect.poll(() => server.received).toHaveLength(2);
    controller.abort();
    for (const { reason } of (await calls) as PromiseRejectedResult[])
      expect(reason.name).toBe("CancelledError");
    expect(handled).toBe(1);
  });
});

test("many calls on one signal leave no listener behind", async () => {
  const server = await startServer(gatewayReply({ collections: [] }));
  const client = createClient({ baseUrl: server.url });
  const { signal } = new AbortController();
  for (let batch = 0; batch < 20; batch++) {
    await Promise.all(Array.from({ length: 50 }, () => client.listCollections({ signal })));
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("many attempts on one call's signal leave no listener on it, failed ones included", async () => {
  const server = await startServer((response) => response.destroy(), gatewayReply({ collections: [] }));
  const transport = createFetchTransport({ baseUrl: server.url });
  const { signal } = new AbortController();
  for (let attempt = 0; attempt < 20; attempt++) {
    await transport.unary(callOf(vectronService.listCollections, {}, { signal })).catch(() => {});
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
