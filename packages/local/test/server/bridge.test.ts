import { connect } from "node:net";
import { type Transport, VectronError } from "@vectron/core";
import { fail, reply, ScriptedTransport, stream } from "@vectron/core/testing";
import { vectronService as rpc } from "@vectron/core/wire";
import { refusedAddress } from "@vectron/fixtures";
import { createGrpcTransport, VectronClient as GrpcClient } from "@vectron/node";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { InvalidArgumentError, type StartServerOptions, startServer } from "../../src/index.ts";
import { endToEnd } from "../../src/server/bridge/end-to-end.ts";
import { GrpcServer } from "../../src/server/grpc/grpc-server.ts";
import { resolveServerOptions } from "../../src/server/resolve-options.ts";
import type { VectronServer } from "../../src/server/server-options.ts";
import { expectFailure, searchRequest } from "../support/calls.ts";
import { type Certificate, createCertificate } from "../support/certificate.ts";
import { HeldBackend, nextAbort } from "../support/held-backend.ts";
import { ask } from "../support/http.ts";
import { surroundings } from "../support/surroundings.ts";
import { callOf, collect, WEB_PROTOCOLS, webClient, webTransport } from "../support/web.ts";

const PROTOCOLS = ["grpc", ...WEB_PROTOCOLS] as const;
type Protocol = (typeof PROTOCOLS)[number];
const STREAMING = PROTOCOLS.filter((protocol) => protocol !== "json");

async function start(options: StartServerOptions): Promise<VectronServer> {
  const server = await startServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** A bridge to a server that asks for the token `secret`. */
async function startBridged() {
  const upstream = await start({ apiKey: "secret" });
  return { upstream, bridge: await start({ upstream: upstream.grpcAddress, httpPort: 0 }) };
}

/** A bridge to a gRPC server in front of any back end. */
async function startBridgeTo(backend: Transport) {
  const upstream = await GrpcServer.listen(resolveServerOptions({}), surroundings(), backend);
  onTestFinished(() => upstream.close(0));
  return start({ upstream: `127.0.0.1:${upstream.port}`, httpPort: 0 });
}

function clientOf(bridge: VectronServer, protocol: Protocol, apiKey = "secret") {
  if (protocol !== "grpc") return webClient({ baseUrl: bridge.httpUrl!, protocol, apiKey });
  const client = new GrpcClient({ host: bridge.grpcAddress, apiKey, retry: { maxAttempts: 1 } });
  onTestFinished(() => client.close());
  return client;
}

function transportOf(bridge: VectronServer, protocol: Protocol): Transport {
  if (protocol !== "grpc") return webTransport({ baseUrl: bridge.httpUrl!, protocol });
  const transport = createGrpcTransport({ host: bridge.grpcAddress });
  onTestFinished(() => transport.close());
  return transport;
}

describe.each(PROTOCOLS)("through the bridge over %s", (protocol) => {
  it("calls reach the server behind it, with the caller's own token", async () => {
    const { upstream, bridge } = await startBridged();
    const client = clientOf(bridge, protocol);
    await client.createCollection({ name: "docs", dimension: 2, distance: "dot" });
    expect(await client.upsert("docs", [{ id: "a:é", vector: [1, 2], payload: { k: "ü" } }])).toBe(1);
    expect(await client.search("docs", { vector: [1, 1] })).toEqual([
      { id: "a:é", score: -3, payload: { k: "ü" } },
    ]);
    const direct = new GrpcClient({ host: upstream.grpcAddress, apiKey: "secret" });
    onTestFinished(() => direct.close());
    expect(await direct.get("docs", "a:é")).toEqual({
      id: "a:é",
      vector: Float32Array.of(1, 2),
      payload: { k: "ü" },
    });
  });

  it("another token is refused by the server behind it", async () => {
    const { bridge } = await startBridged();
    const refused = clientOf(bridge, protocol, "wrong").listCollections();
    await expect(refused).rejects.toMatchObject({ name: "AuthenticationError" });
    await expectFailure(refused, "UNAUTHENTICATED", /^invalid or expired token/);
    const none = transportOf(bridge, protocol).unary(callOf(rpc.listCollections, {}));
    await expectFailure(none, "UNAUTHENTICATED", "missing Authorization header");
  });

  it("failures keep their words", async () => {
    const { bridge } = await startBridged();
    const client = clientOf(bridge, protocol);
    await expectFailure(client.getCollectionStatus("nöpe"), "NOT_FOUND", /^collection 'nöpe' not found \[/);
    await client.createCollection({ name: "docs", dimension: 2 });
    await expectFailure(client.get("docs", "z 1"), "NOT_FOUND", /^vector with id z 1 not found \[/);
    const tooShort = client.upsert("docs", [{ id: "a", vector: [1] }]);
    await expectFailure(
      tooShort,
      "INVALID_ARGUMENT",
      /^vector dimension 1 does not match index dimension 2 \[/,
    );
    await expectFailure(client.createCollection({ name: "docs", dimension: 3 }), "ALREADY_EXISTS", /'docs'/);
  });

  it("deadline and headers reach the server behind it, and what is about a connection does not", async () => {
    const backend = new ScriptedTransport({ listCollections: [reply()] }, { keepToken: true });
    const bridge = await startBridgeTo(backend);
    const deadline = Date.now() + 30_000;
    const headers = { authorization: "Bearer x", "x-request-id": "id-1", traceparent: "00-1" };
    const browser = { cookie: "session=1", "sec-fetch-mode": "cors" };
    await transportOf(bridge, protocol).unary(
      callOf(rpc.listCollections, {}, { deadline, headers: { ...headers, ...browser } }),
    );
    const [call] = backend.calls;
    expect(call!.headers).toEqual({ ...headers, "user-agent": expect.stringContaining("vectron-node/") });
    expect(call!.deadline).toBeGreaterThan(deadline - 5_000);
    expect(call!.deadline).toBeLessThan(deadline + 5_000);
  });

  it("metadata comes back, with replies and with failures", async () => {
    const metadata = { "retry-after": "7", "x-request-id": "r-1", "grpc-retry-pushback-ms": "70" };
    const bridge = await startBridgeTo(
      new ScriptedTransport({
        listCollections: [reply({ collections: [] }, { metadata }), fail("UNAVAILABLE", { metadata })],
      }),
    );
    const transport = transportOf(bridge, protocol);
    expect(await transport.unary(callOf(rpc.listCollections, {}))).toMatchObject({ metadata });
    await expect(transport.unary(callOf(rpc.listCollections, {}))).rejects.toMatchObject({ metadata });
  });

  it("cancelling reaches the server behind it", async () => {
    const backend = new HeldBackend();
    const transport = transportOf(await startBridgeTo(backend), protocol);
    const controller = new AbortController();
    const arrival = backend.nextCall();
    const pending = transport.unary(callOf(rpc.listCollections, {}, { signal: controller.signal }));
    const call = await arrival;
    controller.abort();
    await expectFailure(pending, "CANCELLED", /./);
    await nextAbort(call);
  });

  it("a deadline that passes ends the call on both sides", async () => {
    const backend = new HeldBackend();
    const transport = transportOf(await startBridgeTo(backend), protocol);
    const arrival = backend.nextCall();
    const deadline = Date.now() + 500;
    const signal = new AbortController().signal;
    const pending = transport.unary(callOf(rpc.listCollections, {}, { deadline, signal }));
    await expectFailure(pending, "DEADLINE_EXCEEDED", /./);
    await nextAbort(await arrival);
  });

  it("a server that is not there is UNAVAILABLE", async () => {
    const bridge = await start({ upstream: await refusedAddress(), httpPort: 0 });
    const pending = clientOf(bridge, protocol).listCollections();
    await expect(pending).rejects.toMatchObject({ name: "UnavailableError" });
    await expectFailure(pending, "UNAVAILABLE", /ECONNREFUSED/);
  });
});

describe.each(STREAMING)("a stream through the bridge over %s", (protocol) => {
  it("brings every message, as it comes", async () => {
    const snapshots = [1, 2, 3].map((score) => ({
      results: [{ id: "a", score, payload: {}, vector: new Float32Array(0) }],
    }));
    const backend = new ScriptedTransport({
      searchStream: [stream(snapshots), stream(snapshots, { end: fail("INTERNAL") })],
    });
    const transport = transportOf(await startBridgeTo(backend), protocol);
    const open = () => transport.serverStream(callOf(rpc.searchStream, searchRequest()));
    expect(await collect(open())).toEqual(snapshots);
    const seen: unknown[] = [];
    const read = async () => {
      for await (const message of open()) seen.push(message);
    };
    await expectFailure(read(), "INTERNAL", "scripted INTERNAL");
    expect(seen).toEqual(snapshots);
  });

  it("is cancelled behind it when it is left", async () => {
    const backend = new HeldBackend();
    const transport = transportOf(await startBridgeTo(backend), protocol);
    const arrival = backend.nextCall();
    for await (const message of transport.serverStream(callOf(rpc.searchStream, searchRequest()))) {
      expect(message).toEqual({ results: [] });
      break;
    }
    await nextAbort(await arrival);
  });
});

describe("a browser that goes away", () => {
  const BODY = "\0\0\0\0\x06\x0a\x04docs";
  const head = (path: string, type: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

  it.each([
    ["json", `${head("/v1/collections/docs/points/search", "application/json", 2)}{}`],
    ["connect", head(rpc.search.path, "application/proto", 0)],
    ["grpc-web", head(rpc.search.path, "application/grpc-web+proto", BODY.length) + BODY],
    ["a stream over connect", head(rpc.searchStream.path, "application/connect+proto", BODY.length) + BODY],
    ["a stream over grpc-web", head(rpc.searchStream.path, "application/grpc-web+proto", BODY.length) + BODY],
  ])("cancels its calls behind the bridge: %s", async (_what, request) => {
    const backend = new HeldBackend();
    const bridge = await startBridgeTo(backend);
    const count = 5;
    const sockets = Array.from({ length: count }, () => connect(bridge.httpPort!, "127.0.0.1"));
    for (const socket of sockets) {
      onTestFinished(() => void socket.destroy());
      const arrival = backend.nextCall();
      socket.write(request, "latin1");
      await arrival;
    }
    expect(backend.calls.filter(({ signal }) => signal.aborted)).toHaveLength(0);
    for (const socket of sockets.slice(1)) socket.destroy();
    await Promise.all(backend.calls.slice(1).map(nextAbort));
    expect(backend.calls[0]!.signal.aborted).toBe(false);
  });
});

describe("a bridge", () => {
  it("closes once the calls in flight behind it have ended", async () => {
    const backend = new HeldBackend();
    const bridge = await startBridgeTo(backend);
    const arrival = backend.nextCall();
    const pending = ask(`${bridge.httpUrl}/v1/collections`);
    await arrival;
    const closed = bridge.close();
    backend.release();
    expect(await pending).toMatchObject({ status: 200, body: '{"collections":["held"]}' });
    await closed;
  });

  it("has the rate limit of its own", async () => {
    const { upstream } = await startBridged();
    const bridge = await start({ upstream: upstream.grpcAddress, httpPort: 0, rateLimit: 1 });
    const client = clientOf(bridge, "json");
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => client.listCollections()));
    const refusals = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refusals.length).toBeGreaterThan(0);
    for (const reason of refusals) {
      expect(reason).toBeInstanceOf(VectronError);
      expect(reason.message).toMatch(/^rate limit of 1 RPS exceeded/);
    }
  });

  describe("to a server with TLS", () => {
    let certificate: Certificate;
    beforeAll(async () => {
      certificate = await createCertificate();
    });

    it("trusts what it is told to trust", async () => {
      const { cert, key, ca } = certificate;
      const upstream = await start({ tls: { cert, key } });
      const upstreamTls = { rootCertificates: ca };
      const bridge = await start({ upstream: upstream.grpcAddress, upstreamTls, httpPort: 0 });
      expect(await clientOf(bridge, "json").listCollections()).toEqual([]);
      const distrusting = await start({ upstream: upstream.grpcAddress, upstreamTls: true, httpPort: 0 });
      await expectFailure(clientOf(distrusting, "json").listCollections(), "UNAVAILABLE", /certificate/);
    });
  });

  it.each<[options: object, text: string | RegExp]>([
    [{ upstream: "http://gateway" }, /^upstream: host must be an address/],
    [{ upstream: "" }, "upstream must be"],
    [{ upstream: "gateway", upstreamTls: { ca: "x" } }, /^upstream: tls has no option "ca"/],
    [{ upstream: "gateway", apiKey: "secret" }, "leave apiKey out"],
    [{ upstream: "gateway", strictParity: true }, "strictParity"],
    [{ upstreamTls: true }, "upstreamTls needs upstream"],
  ])("is not made of %j", async (options, text) => {
    const error = await startServer(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as Error).message).toMatch(text);
  });

  it("may listen beyond this machine without a key: the server behind it asks for tokens", () => {
    expect(() => resolveServerOptions({ host: "0.0.0.0", upstream: "gateway" })).not.toThrow();
  });
});

describe("headers that pass", () => {
  it.each([
    "authorization",
    "x-request-id",
    "traceparent",
    "tracestate",
    "baggage",
    "x-custom",
    "trace-bin",
    "retry-after",
    "grpc-retry-pushback-ms",
  ])("%s", (name) => {
    expect(endToEnd({ [name]: "v" })).toEqual({ [name]: "v" });
  });

  it.each([
    "connection",
    "keep-alive",
    "proxy-authorization",
    "te",
    "transfer-encoding",
    "upgrade",
    "host",
    "date",
    "content-type",
    "content-length",
    "accept",
    "accept-encoding",
    "user-agent",
    "x-user-agent",
    "cookie",
    "set-cookie",
    "origin",
    "referer",
    "sec-fetch-site",
    "access-control-allow-origin",
    "grpc-timeout",
    "grpc-encoding",
    "grpc-status",
    "grpc-message",
    "connect-timeout-ms",
    "connect-protocol-version",
    "x-grpc-web",
  ])("not %s", (name) => {
    expect(endToEnd({ [name]: "v", "x-a": "1" })).toEqual({ "x-a": "1" });
  });
});
