import { constants } from "node:http2";
import { Metadata, status } from "@grpc/grpc-js";
import { TransportFailure } from "@vectron/core";
import { refusedAddress } from "@vectron/fixtures";
import { describe, expect, test } from "vitest";
import { createTransport, unaryCall } from "./support/client.ts";
import { defer } from "./support/deferred.ts";
import { startHttp2Server } from "./support/http2-server.ts";
import { startServer } from "./support/server.ts";
import { startTcpServer } from "./support/tcp-server.ts";

async function callAndFail(
  host: string,
  changes: Parameters<typeof unaryCall>[1] = {},
): Promise<TransportFailure> {
  const failure = await createTransport({ host })
    .unary(unaryCall("x", changes))
    .catch((error) => error);
  expect(failure).toBeInstanceOf(TransportFailure);
  return failure;
}

describe("a request was not sent when", () => {
  test("the connection is refused", async () => {
    const address = await refusedAddress();
    const failure = await callAndFail(address);
    expect(failure).toMatchObject({ code: "UNAVAILABLE", requestSent: "no", metadata: {} });
    expect(failure.message).toBe(`No connection to ${address}: connect ECONNREFUSED ${address}`);
    expect(failure.cause).toMatchObject({ code: "ECONNREFUSED", message: `connect ECONNREFUSED ${address}` });
  });

  test("the socket file does not exist", async () => {
    const failure = await callAndFail("unix:/nowhere/vectron.sock");
    expect(failure).toMatchObject({ code: "UNAVAILABLE", requestSent: "no" });
    expect(failure.cause).toMatchObject({ code: "ENOENT" });
  });

  test("the name cannot be resolved", async () => {
    const failure = await callAndFail("vectron.invalid");
    expect(failure).toMatchObject({ code: "UNAVAILABLE", requestSent: "no" });
    expect(failure.message).toBe("Name resolution failed for target dns:vectron.invalid:8081");
  });

  test("the server hangs up at once", async () => {
    const { address } = await startTcpServer((socket) => socket.destroy());
    expect(await callAndFail(address)).toMatchObject({ code: "UNAVAILABLE", requestSent: "no" });
  });

  test("the server does not speak HTTP/2", async () => {
    const { address } = await startTcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await callAndFail(address)).toMatchObject({ code: "UNAVAILABLE", requestSent: "no" });
  });

  test("the deadline passes before there is a connection", async () => {
    const { address } = await startTcpServer(() => {});
    const failure = await callAndFail(address, { deadline: Date.now() + 100 });
    expect(failure).toMatchObject({ code: "DEADLINE_EXCEEDED", requestSent: "no" });
  });

  test("the server refuses the stream", async () => {
    const { address } = await startHttp2Server((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
    expect(await callAndFail(address)).toMatchObject({ code: "UNAVAILABLE", requestSent: "no" });
  });

  test("the server goes away and leaves the stream out", async () => {
    const server = await startHttp2Server((stream) => {
      if (stream.id === 1) stream.respond({ ":status": 200, "grpc-status": "5" }, { endStream: true });
      else stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 1);
    });
    const transport = createTransport({ host: server.address });
    await expect(transport.unary(unaryCall("answered"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    const call = transport.unary(unaryCall("left out"));
    await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE", requestSent: "no" });
  });
});

describe("it is unknown whether a request was sent when", () => {
  test("the connection is reset during the call", async () => {
    const arrival = defer<void>();
    const server = await startServer({ unary: () => arrival.resolve() });
    const call = callAndFail(server.address);
    await arrival.promise;
    for (const socket of server.sockets) socket.resetAndDestroy();
    const failure = await call;
    expect(failure).toMatchObject({ code: "UNAVAILABLE", requestSent: "unknown" });
  });

  test("the connection is closed during the call", async () => {
    const arrival = defer<void>();
    const server = await startServer({ unary: () => arrival.resolve() });
    const call = callAndFail(server.address);
    await arrival.promise;
    for (const socket of server.sockets) socket.destroy();
    expect(await call).toMatchObject({ code: "UNAVAILABLE", requestSent: "unknown" });
  });

  test.each(["NO_ERROR", "INTERNAL_ERROR", "CANCEL", "ENHANCE_YOUR_CALM"] as const)(
    "the server resets the stream with %s",
    async (name) => {
      const { address } = await startHttp2Server((stream) => stream.close(constants[`NGHTTP2_${name}`]));
      const failure = await callAndFail(address);
      expect(failure).toMatchObject({ code: "UNAVAILABLE", requestSent: "unknown" });
      expect(failure.message).toBe(
        `${address}, or a proxy before it, ended the call without its reply (RST_STREAM ${name})`,
      );
    },
  );

  test.each([
    ["PROTOCOL_ERROR", "INTERNAL"],
    ["INADEQUATE_SECURITY", "PERMISSION_DENIED"],
  ] as const)("the server resets the stream with %s, which no retry cures", async (name, code) => {
    const { address } = await startHttp2Server((stream) => stream.close(constants[`NGHTTP2_${name}`]));
    expect(await callAndFail(address)).toMatchObject({ code, requestSent: "unknown" });
  });

  test("something else answers", async () => {
    const { address } = await startHttp2Server((stream) => {
      stream.respond({ ":status": 200, "content-type": "text/html" });
      stream.end("<!doctype html>");
    });
    expect(await callAndFail(address)).toMatchObject({
      code: "INTERNAL",
      message: `What answers at ${address} does not speak gRPC: it sent text/html`,
      requestSent: "unknown",
    });
  });

  test("the server goes away with an error", async () => {
    const { address } = await startHttp2Server((stream) =>
      stream.session?.goaway(constants.NGHTTP2_INTERNAL_ERROR),
    );
    const failure = await callAndFail(address);
    expect(failure.requestSent).toBe("unknown");
  });
});

describe("a request was sent when", () => {
  test("the reply began before the connection was reset", async () => {
    const arrival = defer<void>();
    const server = await startServer({
      unary(call) {
        const headers = new Metadata();
        headers.set("x-early", "yes");
        call.sendMetadata(headers);
        arrival.resolve();
      },
    });
    const call = callAndFail(server.address);
    await arrival.promise;
    // The reply's headers leave in the next turn.
    setImmediate(() => setImmediate(() => server.stop()));
    expect(await call).toMatchObject({
      code: "UNAVAILABLE",
      requestSent: "yes",
      metadata: { "x-early": "yes" },
    });
  });

  test("a proxy in front of the server answers with an HTTP error", async () => {
    const { address } = await startHttp2Server((stream) =>
      stream.respond({ ":status": 503 }, { endStream: true }),
    );
    const failure = await callAndFail(address);
    expect(failure).toMatchObject({ code: "UNAVAILABLE", requestSent: "yes" });
    expect(failure.message).toBe("Received HTTP status code 503");
  });

  test.each(["Stream refused by server", "No connection established. Last error: x. Resolution note: y"])(
    "the server's own text is that of a local failure: %s",
    async (details) => {
      const server = await startServer({
        unary: (_call, reply) => reply({ code: status.UNAVAILABLE, details }),
      });
      const failure = await callAndFail(server.address);
      expect(failure).toMatchObject({
        code: "UNAVAILABLE",
        message: details,
        requestSent: "yes",
        cause: undefined,
      });
    },
  );
});

describe("a message that is too large", () => {
  test("is not sent", async () => {
    const server = await startServer();
    const transport = createTransport({ host: server.address, maxSendBytes: 100 });
    expect((await transport.unary(unaryCall("x".repeat(100)))).message).toHaveLength(100);
    await expect(transport.unary(unaryCall("x".repeat(101)))).rejects.toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      message: "The request of 101 bytes is larger than maxSendBytes, which is 100",
      requestSent: "no",
    });
    expect(server.received).toHaveLength(1);
  });

  test("is not received", async () => {
    const server = await startServer();
    const transport = createTransport({ host: server.address, maxReceiveBytes: 100 });
    expect((await transport.unary(unaryCall("x".repeat(100)))).message).toHaveLength(100);
    const failure = await transport.unary(unaryCall("x".repeat(101))).catch((error) => error);
    expect(failure).toMatchObject({ code: "RESOURCE_EXHAUSTED", requestSent: "yes" });
    expect(failure.message).toContain("larger than");
  });

  test("may have 5 MB by default, both ways", async () => {
    const server = await startServer();
    const transport = createTransport({ host: server.address });
    const text = "x".repeat(5_000_000);
    expect((await transport.unary(unaryCall(text))).message).toBe(text);
    expect(transport.capabilities).toMatchObject({ maxSendBytes: 268_435_456, maxReceiveBytes: 268_435_456 });
  });
});
