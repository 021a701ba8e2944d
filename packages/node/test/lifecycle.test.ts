import { once } from "node:events";
import { constants } from "node:http2";
import { restartPort } from "@vectron/fixtures";
import { expect, test } from "vitest";
import { createTransport, streamCall, unaryCall } from "./support/client.ts";
import { defer } from "./support/deferred.ts";
import { startHttp2Server } from "./support/http2-server.ts";
import { startServer } from "./support/server.ts";

test("closing cancels the calls in flight, here and at the server, and their connections", async () => {
  const arrivals = [defer<void>(), defer<void>()];
  const server = await startServer({
    unary: () => arrivals[0]?.resolve(),
    stream: () => arrivals[1]?.resolve(),
  });
  const transport = createTransport({ host: server.address, channels: 2 });
  const unary = transport.unary(unaryCall("x"));
  const next = transport.serverStream(streamCall("x")).next();
  const failures = Promise.allSettled([unary, next]);
  await Promise.all(arrivals.map(({ promise }) => promise));
  const closed = [...server.sockets].map((socket) => once(socket, "close"));
  expect(closed).toHaveLength(2);
  await transport.close();
  for (const result of await failures) {
    expect(result).toMatchObject({
      status: "rejected",
      reason: { code: "CANCELLED", message: "The client was closed during the call", requestSent: "unknown" },
    });
  }
  await Promise.all(closed);
});

test("a closed transport makes no call, and can be closed again", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address });
  await transport.unary(unaryCall("x"));
  await transport.close();
  await transport.close();
  const expected = { code: "CANCELLED", message: "The client is closed", requestSent: "no" };
  await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject(expected);
  await expect(transport.serverStream(streamCall("x")).next()).rejects.toMatchObject(expected);
});

test("a transport that was never used can be closed", async () => {
  await createTransport({ host: "localhost" }).close();
});

test("calls succeed again when a server has come back", async () => {
  const listen = { host: "127.0.0.1", port: await restartPort() };
  const first = await startServer({ listen });
  const transport = createTransport({ host: first.address });
  await transport.unary(unaryCall("x"));
  await first.stop();
  await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await startServer({ listen });
  await transport.unary(unaryCall("x"));
});

test("a server that was not there at first is found later", async () => {
  const port = await restartPort();
  const transport = createTransport({ host: `127.0.0.1:${port}` });
  await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({
    code: "UNAVAILABLE",
    requestSent: "no",
  });
  await startServer({ listen: { host: "127.0.0.1", port } });
  // At once: no back-off of a connection that failed is left over.
  await transport.unary(unaryCall("x"));
});

test("after a server has said that it goes away, calls take a new connection", async () => {
  const sessions = new Set<unknown>();
  const server = await startHttp2Server((stream) => {
    sessions.add(stream.session);
    stream.respond({ ":status": 200, "grpc-status": "5" }, { endStream: true });
    if (sessions.size === 1) stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
  });
  const transport = createTransport({ host: server.address });
  await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  // A call that crosses the notice is refused unprocessed, so that it can be made again.
  const crossing = { code: "UNAVAILABLE", requestSent: "no" };
  const failure = await transport.unary(unaryCall("x")).catch((error) => error);
  if (failure.code !== "NOT_FOUND") expect(failure).toMatchObject(crossing);
  await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(sessions.size).toBe(2);
});
