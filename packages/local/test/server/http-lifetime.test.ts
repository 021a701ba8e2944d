import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { vectronService as rpc } from "@vectron/core/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import { startServer } from "../../src/index.ts";
import { expectFailure } from "../support/calls.ts";
import { HeldBackend, nextAbort } from "../support/held-backend.ts";
import { ask, startHttp } from "../support/http.ts";
import { callOf, WEB_PROTOCOLS, webTransport } from "../support/web.ts";

const LIST = {
  json: "GET /v1/collections HTTP/1.1\r\nHost: a\r\n\r\n",
  connect: `POST ${rpc.listCollections.path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/proto\r\nContent-Length: 0\r\n\r\n`,
  "grpc-web": `POST ${rpc.listCollections.path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc-web+proto\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0`,
} as const;

/** Sends a request, or a part of one. */
async function send(port: number, text: string): Promise<Socket & { received(): string }> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk;
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  return Object.assign(socket, { received: () => received });
}

describe.each(WEB_PROTOCOLS)("over %s", (protocol) => {
  it("a connection that breaks cancels its call in the back end", async () => {
    const backend = new HeldBackend();
    const { server } = await startHttp(backend);
    const arrival = backend.nextCall();
    const socket = await send(server.port, LIST[protocol]);
    const call = await arrival;
    expect(call.signal.aborted).toBe(false);
    socket.destroy();
    await nextAbort(call);
  });

  it("a body that breaks off does no harm", async () => {
    const backend = new HeldBackend();
    const { server, url } = await startHttp(backend);
    const head = {
      json: LIST.json.replace("GET", "POST"),
      connect: LIST.connect,
      "grpc-web": LIST["grpc-web"],
    };
    const [lines] = head[protocol].split("\r\n\r\n", 1);
    const length = "Content-Length: 1000";
    const announced = /Content-Length/.test(lines!)
      ? lines!.replace(/Content-Length: \d+/, length)
      : `${lines}\r\n${length}`;
    const socket = await send(server.port, `${announced}\r\n\r\n{`);
    await once(await send(server.port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), "data");
    socket.destroy();
    expect((await ask(`${url}/healthz`)).status).toBe(200);
    expect(backend.calls).toHaveLength(0);
  });

  it("close lets calls in flight finish and refuses new ones", async () => {
    const backend = new HeldBackend();
    const { server, url } = await startHttp(backend);
    const transport = webTransport({ baseUrl: url, protocol });
    const arrival = backend.nextCall();
    const pending = transport.unary(callOf(rpc.listCollections, {}));
    await arrival;
    // A request of which the server has seen the beginning, so that its connection is not idle.
    const [beginning, rest] = [LIST[protocol].slice(0, 20), LIST[protocol].slice(20)];
    const late = await send(server.port, beginning);
    await once(await send(server.port, LIST[protocol].replace(/ .* HTTP/, " /nope HTTP")), "data");
    const closed = server.close(60_000);
    await expectFailure(transport.unary(callOf(rpc.listCollections, {})), "UNAVAILABLE", /./);
    late.write(rest);
    await once(late, "close");
    expect(late.received()).toMatch(/the( |%20)server( |%20)is( |%20)shutting( |%20)down/);
    expect(late.received()).toMatch(/^Connection: close\r$/m);
    backend.release();
    expect((await pending).message).toEqual({ collections: ["held"] });
    await closed;
    expect(backend.calls).toHaveLength(1);
  });

  it("close lets replies of many megabytes arrive whole", async () => {
    const collections = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(1_000_000));
    const backend = new HeldBackend(collections);
    const { server, url } = await startHttp(backend);
    const transport = webTransport({ baseUrl: url, protocol });
    const arrival = backend.nextCall();
    const pending = transport.unary(callOf(rpc.listCollections, {}));
    await arrival;
    const closed = server.close(60_000);
    backend.release();
    expect((await pending).message).toEqual({ collections });
    await closed;
  });

  it("close cuts off what has not ended in time", async () => {
    const backend = new HeldBackend();
    const { server, url } = await startHttp(backend);
    const transport = webTransport({ baseUrl: url, protocol });
    const arrival = backend.nextCall();
    const pending = transport.unary(callOf(rpc.listCollections, {}));
    pending.catch(() => undefined);
    const call = await arrival;
    await server.close(20);
    await nextAbort(call);
    await expectFailure(pending, "UNAVAILABLE", /./);
  });
});

describe("close", () => {
  it("does not wait for connections without a call, whatever was sent over them", async () => {
    const { server, url } = await startHttp(new HeldBackend());
    const idle = await send(server.port, "");
    const slow = await send(server.port, "POST /v1/collections HTTP/1.1\r\nHost: a\r\n");
    const used = await send(server.port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(used, "data");
    expect((await ask(`${url}/healthz`)).status).toBe(200);
    const ends = [idle, slow, used].map((socket) => once(socket, "close"));
    await server.close(60_000);
    await Promise.all(ends);
  });

  it("does not wait for a body that does not come, beyond the time for draining", async () => {
    const { server } = await startHttp(new HeldBackend());
    const stalled = await send(
      server.port,
      "POST /v1/collections HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
    );
    // Answered only after the one before it has begun.
    await once(await send(server.port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), "data");
    const end = once(stalled, "close");
    await server.close(20);
    await end;
  });

  it("closes both sides, frees both ports, and may be called twice", async () => {
    const server = await startServer({ httpPort: 0 });
    await ask(`${server.httpUrl}/v1/collections`);
    await Promise.all([server.close(), server.close()]);
    const { grpcPort, httpPort } = server;
    const next = await startServer({ grpcPort, httpPort });
    expect([next.grpcPort, next.httpPort]).toEqual([grpcPort, httpPort]);
    await next.close();
    await expect(fetch(`${server.httpUrl}/v1/collections`)).rejects.toThrow();
  });
});

describe("listening", () => {
  it("has no HTTP side unless asked for", async () => {
    const server = await startServer();
    expect([server.httpPort, server.httpUrl]).toEqual([undefined, undefined]);
    await server.close();
  });

  it("works on IPv6", async () => {
    const server = await startServer({ host: "::1", httpPort: 0 });
    expect(server.httpUrl).toBe(`http://[::1]:${server.httpPort}`);
    expect((await ask(`${server.httpUrl}/v1/collections`)).status).toBe(200);
    await server.close();
  });

  it("fails as a whole when either port is taken", async () => {
    const holder = await startServer({ httpPort: 0 });
    onTestFinished(() => holder.close());
    const { grpcPort, httpPort } = holder;
    for (const [options, port] of [
      [{ httpPort }, httpPort],
      [{ httpPort: 0, grpcPort }, grpcPort],
    ] as const) {
      await expect(startServer(options)).rejects.toMatchObject({
        name: "ListenError",
        code: "EADDRINUSE",
        address: `127.0.0.1:${port}`,
      });
    }
  });
});
