import { once } from "node:events";
import { Metadata, type ServerWritableStream, status } from "@grpc/grpc-js";
import { TransportFailure } from "@vectron/core";
import { expect, test } from "vitest";
import { createTransport, streamCall, unaryCall } from "./support/client.ts";
import { defer } from "./support/deferred.ts";
import { startHttp2Server } from "./support/http2-server.ts";
import { UNDECODABLE } from "./support/methods.ts";
import { startServer } from "./support/server.ts";

type ServerStream = ServerWritableStream<Buffer, Buffer>;

function writeAll(call: ServerStream, texts: Iterable<string>): void {
  for (const text of texts) call.write(Buffer.from(text));
  call.end();
}

test("a stream's messages come in order and end with it", async () => {
  const server = await startServer({ stream: (call) => writeAll(call, ["a", "", "c"]) });
  const transport = createTransport({ host: server.address });
  expect(await collect(transport.serverStream(streamCall("x")))).toEqual(["a", "", "c"]);
});

test("a stream may have no messages", async () => {
  const server = await startServer({ stream: (call) => call.end() });
  const transport = createTransport({ host: server.address });
  expect(await collect(transport.serverStream(streamCall("x")))).toEqual([]);
});

test("a stream opens when it is iterated", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  const stream = transport.serverStream(streamCall("later"));
  await transport.unary(unaryCall("first"));
  expect(server.received).toHaveLength(1);
  expect(await collect(stream)).toEqual(["later"]);
});

test("leaving the loop cancels the call at the server", async () => {
  const arrival = defer<ServerStream>();
  const server = await startServer({
    stream(call) {
      arrival.resolve(call);
      call.write(Buffer.from("one"));
    },
  });
  const transport = createTransport({ host: server.address });
  const signal = new AbortController().signal;
  for await (const text of transport.serverStream(streamCall("x", { signal }))) {
    expect(text).toBe("one");
    break;
  }
  const call = await arrival.promise;
  if (!call.cancelled) await once(call, "cancelled");
});

test("an error thrown in the loop cancels the call at the server and is not replaced", async () => {
  const arrival = defer<ServerStream>();
  const server = await startServer({
    stream(call) {
      arrival.resolve(call);
      call.write(Buffer.from("one"));
    },
  });
  const transport = createTransport({ host: server.address });
  const loop = async () => {
    for await (const text of transport.serverStream(streamCall("x"))) throw new RangeError(text);
  };
  await expect(loop()).rejects.toThrow(new RangeError("one"));
  const call = await arrival.promise;
  if (!call.cancelled) await once(call, "cancelled");
});

test("a failure comes after the messages that were read before it", async () => {
  const server = await startServer({
    stream(call) {
      call.write(Buffer.from("one"), () => {
        const metadata = new Metadata();
        metadata.set("x-why", "because");
        call.emit("error", { code: status.ABORTED, details: "gave up", metadata });
      });
    },
  });
  const transport = createTransport({ host: server.address });
  const failure = await collect(transport.serverStream(streamCall("x"))).catch((error) => error);
  expect(failure).toBeInstanceOf(TransportFailure);
  expect(failure).toMatchObject({
    code: "ABORTED",
    message: "gave up",
    metadata: { "x-why": "because" },
    requestSent: "yes",
  });
});

test("aborting ends a stream that is being waited for", async () => {
  const server = await startServer({ stream: (call) => call.write(Buffer.from("one")) });
  const transport = createTransport({ host: server.address });
  const controller = new AbortController();
  const stream = transport.serverStream(streamCall("x", { signal: controller.signal }));
  expect(await stream.next()).toEqual({ done: false, value: "one" });
  const next = stream.next();
  controller.abort("enough");
  await expect(next).rejects.toMatchObject({ code: "CANCELLED", cause: "enough" });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("an aborted signal opens no stream", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  const stream = transport.serverStream(streamCall("x", { signal: AbortSignal.abort() }));
  await expect(stream.next()).rejects.toMatchObject({ code: "CANCELLED", requestSent: "no" });
  expect(server.connections).toBe(0);
});

test("a stream that stalls ends with its deadline", async () => {
  const server = await startServer({ stream: (call) => call.write(Buffer.from("one")) });
  const transport = createTransport({ host: server.address });
  const stream = transport.serverStream(streamCall("x", { deadline: Date.now() + 150 }));
  expect((await stream.next()).value).toBe("one");
  await expect(stream.next()).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
});

test("a message that cannot be decoded fails the stream and cancels the call", async () => {
  const arrival = defer<ServerStream>();
  const server = await startServer({
    stream(call) {
      arrival.resolve(call);
      call.write(Buffer.from(UNDECODABLE));
    },
  });
  const transport = createTransport({ host: server.address });
  const failure = await collect(transport.serverStream(streamCall("x"))).catch((error) => error);
  expect(failure).toMatchObject({ code: "INTERNAL", requestSent: "yes" });
  expect(failure.cause).toBeInstanceOf(RangeError);
  const call = await arrival.promise;
  if (!call.cancelled) await once(call, "cancelled");
});

test("a slow reader holds the server back", async () => {
  const message = Buffer.alloc(1024 * 1024, "x");
  const count = 64;
  let written = 0;
  const full = defer<void>();
  const server = await startServer({
    async stream(call) {
      for (; written < count; written++) {
        if (call.write(message)) continue;
        full.resolve();
        await once(call, "drain");
      }
      call.end();
    },
  });
  const transport = createTransport({ host: server.address });
  const stream = transport.serverStream(streamCall("x"));
  await stream.next();
  await full.promise;
  // Calls that go over the same connection get through, and give the server every occasion to write on.
  for (let i = 0; i < 50; i++) await transport.unary(unaryCall("tick"));
  // 4 MiB of flow control window, and what the buffers of either side hold.
  expect(written).toBeLessThan(32);
  const rest = await collect(stream);
  expect(rest).toHaveLength(count - 1);
});

test("a server may send 4 MiB before the client has read anything", async () => {
  const window = defer<number | undefined>();
  const server = await startHttp2Server((stream) => {
    window.resolve(stream.session?.remoteSettings.initialWindowSize);
    stream.respond({ ":status": 200, "grpc-status": "0" }, { endStream: true });
  });
  const transport = createTransport({ host: server.address });
  await collect(transport.serverStream(streamCall("x")));
  expect(await window.promise).toBe(4 * 1024 * 1024);
});

async function collect(stream: AsyncIterable<string>): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of stream) texts.push(text);
  return texts;
}
