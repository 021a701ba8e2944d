import { describe, expect, test } from "vitest";
import { createTransport, unaryCall } from "./support/client.ts";
import { defer } from "./support/deferred.ts";
import { startServer, type UnaryHandler } from "./support/server.ts";

test("one channel is one connection, however many calls there are", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  await Promise.all(Array.from({ length: 20 }, () => transport.unary(unaryCall("x"))));
  expect(server.connections).toBe(1);
});

test("two transports to one server have a connection each", async () => {
  const server = await startServer();
  for (const transport of [
    createTransport({ host: server.address }),
    createTransport({ host: server.address }),
  ]) {
    await transport.unary(unaryCall("x"));
  }
  expect(server.connections).toBe(2);
});

test("no connection is made before the first call, and each when it is first needed", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address, channels: 3 });
  const connections = [server.connections];
  for (let call = 0; call < 5; call++) {
    await transport.unary(unaryCall("x"));
    connections.push(server.connections);
  }
  expect(connections).toEqual([0, 1, 2, 3, 3, 3]);
});

test("a call goes to a connection with the fewest calls in flight", async () => {
  const held = holdCalls(10);
  const server = await startServer({ unary: held.unary });
  const transport = createTransport({ host: server.address, channels: 4 });
  const calls = Array.from({ length: 10 }, () => transport.unary(unaryCall("x")));
  await held.all;
  expect(Object.values(held.callsByPeer).sort()).toEqual([2, 2, 3, 3]);
  held.reply();
  await Promise.all(calls);
});

test("calls one after another keep away from a connection that is busy", async () => {
  const busy = defer<string>();
  const peers = new Set<string>();
  const server = await startServer({
    unary(call, reply) {
      if (call.request.toString() === "long") return busy.resolve(call.getPeer());
      peers.add(call.getPeer());
      reply(null, call.request);
    },
  });
  const transport = createTransport({ host: server.address, channels: 2 });
  const controller = new AbortController();
  const long = transport.unary(unaryCall("long", { signal: controller.signal }));
  const busyPeer = await busy.promise;
  for (let call = 0; call < 6; call++) await transport.unary(unaryCall("short"));
  expect(peers.size).toBe(1);
  expect(peers).not.toContain(busyPeer);
  controller.abort();
  await expect(long).rejects.toMatchObject({ code: "CANCELLED" });
});

describe("the number of channels", () => {
  test.each([0, -1, 1.5, 65, Number.NaN, "2", null])("is not %s", (channels) => {
    const create = () => createTransport({ host: "localhost", channels: channels as number });
    expect(create).toThrow(/^channels must be an integer from 1 to 64, got/);
  });
});

/** A handler that lets calls wait until `count` of them have come and a reply is asked for. */
function holdCalls(count: number) {
  const callsByPeer: Record<string, number> = {};
  const replies: (() => void)[] = [];
  const all = defer<void>();
  const unary: UnaryHandler = (call, reply) => {
    const peer = call.getPeer();
    callsByPeer[peer] = (callsByPeer[peer] ?? 0) + 1;
    replies.push(() => reply(null, call.request));
    if (replies.length === count) all.resolve();
  };
  const reply = () => {
    for (const finish of replies) finish();
  };
  return { unary, all: all.promise, callsByPeer, reply };
}
