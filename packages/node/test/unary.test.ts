import { once } from "node:events";
import { Metadata, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { TransportFailure } from "@vectron/core";
import { expect, test, vi } from "vitest";
import { createTransport, unaryCall } from "./support/client.ts";
import { defer } from "./support/deferred.ts";
import { startHttp2Server } from "./support/http2-server.ts";
import { UNDECODABLE, UNENCODABLE } from "./support/methods.ts";
import { startServer } from "./support/server.ts";

test("a reply is the server's message with its headers and trailers", async () => {
  const server = await startServer({
    unary(call, reply) {
      const headers = new Metadata();
      headers.set("x-header", "from the headers");
      headers.set("both", "1");
      call.sendMetadata(headers);
      const trailers = new Metadata();
      trailers.add("x-trailer", "a");
      trailers.add("x-trailer", "b");
      trailers.set("both", "2");
      trailers.set("x-bytes-bin", Buffer.from([1, 2, 255]));
      reply(null, Buffer.from(`hello ${call.request}`), trailers);
    },
  });
  const transport = createTransport({ host: server.address });
  const reply = await transport.unary(unaryCall("Zoë"));
  expect(reply.message).toBe("hello Zoë");
  expect(reply.metadata).toMatchObject({
    "x-header": "from the headers",
    "x-trailer": "a, b",
    both: "1, 2",
    "x-bytes-bin": Buffer.from([1, 2, 255]).toString("base64"),
  });
});

test("a call's headers and what is left of its deadline reach the server", async () => {
  let deadline: unknown;
  const server = await startServer({
    unary(call, reply) {
      deadline = call.getDeadline();
      reply(null, call.request);
    },
  });
  const transport = createTransport({ host: server.address });
  const bytes = Buffer.from([0, 1, 254]).toString("base64");
  const headers = { authorization: "Bearer t", "x-request-id": "7", "trace-bin": bytes };
  const sentDeadline = Date.now() + 60_000;
  await transport.unary(unaryCall("x", { headers, deadline: sentDeadline }));
  const [received] = server.received;
  expect(received?.getMap()).toMatchObject({ authorization: "Bearer t", "x-request-id": "7" });
  expect(received?.get("trace-bin")).toEqual([Buffer.from([0, 1, 254])]);
  // The server counts from when it received the call, in whole milliseconds.
  expect(Number(deadline)).toBeGreaterThan(sentDeadline - 5_000);
  expect(Number(deadline)).toBeLessThan(sentDeadline + 5_000);
});

test("a failed call has the server's code, text and metadata", async () => {
  const server = await startServer({
    unary(_call, reply) {
      const metadata = new Metadata();
      metadata.set("retry-after", "3");
      reply({ code: status.RESOURCE_EXHAUSTED, details: "rate limit of 100 RPS exceeded", metadata });
    },
  });
  const transport = createTransport({ host: server.address });
  const failure = await transport.unary(unaryCall("x")).catch((error) => error);
  expect(failure).toBeInstanceOf(TransportFailure);
  expect(failure).toMatchObject({
    code: "RESOURCE_EXHAUSTED",
    message: "rate limit of 100 RPS exceeded",
    metadata: { "retry-after": "3" },
    requestSent: "yes",
  });
});

test("a code outside the table is UNKNOWN", async () => {
  const server = await startServer({
    unary(_call, reply) {
      reply({ code: 99 as status, details: "novel" });
    },
  });
  const transport = createTransport({ host: server.address });
  await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({ code: "UNKNOWN", message: "novel" });
});

test("an aborted signal sends nothing", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  await transport.unary(unaryCall("first"));
  const reason = new Error("no longer needed");
  const call = transport.unary(unaryCall("x", { signal: AbortSignal.abort(reason) }));
  await expect(call).rejects.toMatchObject({ code: "CANCELLED", requestSent: "no", cause: reason });
  await transport.unary(unaryCall("last"));
  expect(server.received).toHaveLength(2);
});

test("a deadline that has passed sends nothing", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  await transport.unary(unaryCall("first"));
  const call = transport.unary(unaryCall("x", { deadline: Date.now() - 1 }));
  await expect(call).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", requestSent: "no" });
  await transport.unary(unaryCall("last"));
  expect(server.received).toHaveLength(2);
});

test("aborting during a call cancels it at the server", async () => {
  const arrival = defer<ServerUnaryCall<Buffer, Buffer>>();
  const server = await startServer({ unary: arrival.resolve });
  const transport = createTransport({ host: server.address });
  const controller = new AbortController();
  const call = transport.unary(unaryCall("x", { signal: controller.signal }));
  const failed = expect(call).rejects.toMatchObject({
    code: "CANCELLED",
    requestSent: "unknown",
    cause: "enough",
  });
  const serverCall = await arrival.promise;
  const cancelled = once(serverCall, "cancelled");
  controller.abort("enough");
  await failed;
  await cancelled;
});

test("a call that is aborted in the turn in which it began does not stay open at the server", async () => {
  const streams: Promise<unknown>[] = [];
  const server = await startHttp2Server((stream) => {
    streams.push(once(stream, "close"));
    if (streams.length === 1) stream.respond({ ":status": 200, "grpc-status": "14" }, { endStream: true });
  });
  const transport = createTransport({ host: server.address });
  await expect(transport.unary(unaryCall("connects"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  const controller = new AbortController();
  const call = transport.unary(unaryCall("x", { signal: controller.signal }));
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: "CANCELLED", requestSent: "unknown" });
  // A ping is answered after all that was sent before it has arrived.
  await server.ping();
  await Promise.all(streams);
});

test("a signal keeps no listener of a call that has ended", async () => {
  const server = await startServer({
    unary(call, reply) {
      if (call.request.toString() === "fail") reply({ code: status.INTERNAL });
      else reply(null, call.request);
    },
  });
  const transport = createTransport({ host: server.address });
  const { signal, listeners } = countListeners();
  await transport.unary(unaryCall("x", { signal }));
  await transport.unary(unaryCall("fail", { signal })).catch(() => {});
  await transport.unary(unaryCall(UNENCODABLE, { signal })).catch(() => {});
  expect(listeners()).toBe(0);
});

test("two calls that share a signal are both aborted by it", async () => {
  const server = await startServer({ unary: () => {} });
  const transport = createTransport({ host: server.address });
  const controller = new AbortController();
  const calls = ["a", "b"].map((text) => transport.unary(unaryCall(text, { signal: controller.signal })));
  controller.abort();
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: "CANCELLED" });
});

test("the server's silence ends with the deadline", async () => {
  const server = await startServer({ unary: () => {} });
  const transport = createTransport({ host: server.address });
  const call = transport.unary(unaryCall("x", { deadline: Date.now() + 100 }));
  await expect(call).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", requestSent: "unknown" });
});

test("a request that cannot be encoded is not sent", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  const failure = await transport.unary(unaryCall(UNENCODABLE)).catch((error) => error);
  expect(failure).toMatchObject({ code: "INTERNAL", requestSent: "no" });
  expect(failure.message).toBe("The request of Echo cannot be encoded: no bytes for this text");
  expect(failure.cause).toBeInstanceOf(RangeError);
  expect(server.connections).toBe(0);
});

test("a reply that cannot be decoded is an internal error with its cause", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  const failure = await transport.unary(unaryCall(UNDECODABLE)).catch((error) => error);
  expect(failure).toMatchObject({ code: "INTERNAL", requestSent: "yes" });
  expect(failure.cause).toBeInstanceOf(RangeError);
  expect(failure.metadata).toHaveProperty("content-type");
});

test("a header that cannot be sent is refused without showing its value", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  const failure = await transport
    .unary(unaryCall("x", { headers: { authorization: "geheim\n" } }))
    .catch((e) => e);
  expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", requestSent: "no", cause: undefined });
  expect(failure.message).toContain('"authorization"');
  expect(failure.message).not.toContain("geheim");
});

test("a header of a connection is refused, and costs no other call its connection", async () => {
  const held: (() => void)[] = [];
  const server = await startServer({
    unary: (call, reply) => void held.push(() => reply(null, call.request)),
  });
  const transport = createTransport({ host: server.address });
  const other = transport.unary(unaryCall("other"));
  await vi.waitFor(() => expect(held).toHaveLength(1));
  for (const name of ["Connection", "keep-alive", "transfer-encoding", "upgrade", "content-length"]) {
    await expect(transport.unary(unaryCall("x", { headers: { [name]: "1" } }))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining(name),
      requestSent: "no",
    });
  }
  for (const reply of held) reply();
  expect((await other).message).toBe("other");
});

test("a header may be called what every object has", async () => {
  const server = await startServer({
    unary(call, reply) {
      const trailers = new Metadata();
      trailers.set("constructor", "mine");
      reply(null, call.request, trailers);
    },
  });
  const { metadata } = await createTransport({ host: server.address }).unary(unaryCall("x"));
  expect(metadata).toMatchObject({ constructor: "mine" });
});

test.each([0, 2])("a unary call with %i messages in its reply fails", async (count) => {
  const server = await startHttp2Server((stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    // One message of no bytes: not compressed, length 0.
    stream.end(Buffer.alloc(5 * count));
  });
  const transport = createTransport({ host: server.address });
  const failure = await transport.unary(unaryCall("x")).catch((error) => error);
  expect(failure).toMatchObject({ code: "UNIMPLEMENTED", requestSent: "yes" });
  expect(failure.message).toContain(`${count} messages`);
});

test("hundreds of calls at once keep to their replies", async () => {
  const server = await startServer({
    unary(call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) {
      setImmediate(() => reply(null, call.request));
    },
  });
  const transport = createTransport({ host: server.address, channels: 2 });
  const texts = Array.from({ length: 400 }, (_, index) => `message ${index}`);
  const replies = await Promise.all(texts.map((text) => transport.unary(unaryCall(text))));
  expect(replies.map((reply) => reply.message)).toEqual(texts);
});

function countListeners(): { signal: AbortSignal; listeners: () => number } {
  const { signal } = new AbortController();
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1;
    remove(...args);
  };
  return { signal, listeners: () => count };
}
