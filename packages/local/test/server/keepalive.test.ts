import { once } from "node:events";
import { type ClientHttp2Session, connect, constants } from "node:http2";
import { promisify } from "node:util";
import { vectronService as rpc } from "@vectron/core/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import type { StartServerOptions } from "../../src/index.ts";
import { PingPolicy } from "../../src/server/grpc/ping-policy.ts";
import { createCertificate } from "../support/certificate.ts";
import { startBoth } from "../support/http.ts";
import { RawClient } from "../support/raw-client.ts";

describe("the policy about pings", () => {
  const limits = { minPingIntervalMs: 100, keepalivePermitWithoutCalls: true };
  let now = 0;
  const policy = (changes = {}) => new PingPolicy({ ...limits, ...changes }, () => now);
  const after = (ms: number, pings: PingPolicy, hasCalls = true) => {
    now += ms;
    return pings.received(hasCalls);
  };

  it("bears two pings that come too soon, and not a third", () => {
    const pings = policy();
    expect([0, 99, 99, 99].map((ms) => after(ms, pings))).toEqual([true, true, true, false]);
  });

  it("counts none that come in time, however many, and forgets none that did not", () => {
    const pings = policy();
    expect([0, 99, 100, 99, 1_000, 99].map((ms) => after(ms, pings))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it("begins anew when the server has sent something", () => {
    const pings = policy();
    for (let count = 0; count < 10; count++) {
      expect([1, 1, 1].map((ms) => after(ms, pings))).toEqual([true, true, true]);
      pings.sent();
    }
  });

  it("allows a ping every two hours where there is no call, if it has to be so", () => {
    const pings = policy({ keepalivePermitWithoutCalls: false });
    const twoHours = 7_200_000;
    expect([0, twoHours, 1_000, 1_000].map((ms) => after(ms, pings, false))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(after(1_000, pings, false)).toBe(false);
    const busy = policy({ keepalivePermitWithoutCalls: false });
    expect([0, 100, 100, 100, 100].every((ms) => after(ms, busy))).toBe(true);
  });
});

async function connectTo(options: StartServerOptions, ca?: string): Promise<ClientHttp2Session> {
  const { server } = await startBoth(options);
  const scheme = options.tls === undefined ? "http" : "https";
  const session = connect(`${scheme}://${server.grpcAddress}`, ca === undefined ? {} : { ca });
  session.on("error", () => undefined);
  onTestFinished(() => session.destroy());
  await once(session, "connect");
  return session;
}

const pingOnce = (session: ClientHttp2Session) => promisify(session.ping.bind(session))();

function goawayOf(session: ClientHttp2Session): Promise<{ code: number; data: string }> {
  return new Promise((resolve) => {
    session.once("goaway", (code, _lastStream, data) => resolve({ code, data: String(data) }));
  });
}

describe("a gRPC client that pings", () => {
  it.each([false, true])("too often is told to be calm, over TLS: %s", async (secure) => {
    const certificate = secure ? await createCertificate() : undefined;
    const tls = certificate && { cert: certificate.cert, key: certificate.key };
    const session = await connectTo(tls === undefined ? {} : { tls }, certificate?.ca);
    const told = goawayOf(session);
    for (let count = 0; count < 4; count++) await pingOnce(session).catch(() => undefined);
    expect(await told).toEqual({ code: constants.NGHTTP2_ENHANCE_YOUR_CALM, data: "too_many_pings" });
  });

  it("is borne as long as it keeps the time that the server was told", async () => {
    const session = await connectTo({ minPingIntervalMs: 0 });
    for (let count = 0; count < 20; count++) await pingOnce(session);
    expect(session.closed).toBe(false);
  });

  it("without a call is borne or not, as the server was told", async () => {
    const strict = await connectTo({ minPingIntervalMs: 0, keepalivePermitWithoutCalls: false });
    const told = goawayOf(strict);
    for (let count = 0; count < 4; count++) await pingOnce(strict).catch(() => undefined);
    expect(await told).toMatchObject({ code: constants.NGHTTP2_ENHANCE_YOUR_CALM });
  });

  it("between answers is measuring, and borne", async () => {
    const { server } = await startBoth();
    const session = connect(`http://${server.grpcAddress}`);
    onTestFinished(() => session.destroy());
    for (let count = 0; count < 10; count++) {
      const stream = session.request({
        ":method": "POST",
        ":path": rpc.listCollections.path,
        "content-type": "application/grpc",
        te: "trailers",
      });
      stream.end(Buffer.alloc(5));
      await once(stream.resume(), "end");
      await pingOnce(session);
      await pingOnce(session);
    }
    expect(session.closed).toBe(false);
  });
});

it("a gRPC connection whose other end is gone is found out by pings", async () => {
  const { createConnection } = await import("node:net");
  const { server } = await startBoth({ keepaliveTimeMs: 20, keepaliveTimeoutMs: 20 });
  const socket = createConnection(server.grpcPort, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  await once(socket.resume(), "close");
});

it("a gRPC request that does not come is not waited for", async () => {
  const session = await connectTo({ requestTimeoutMs: 50 });
  const stream = session.request(
    {
      ":method": "POST",
      ":path": rpc.listCollections.path,
      "content-type": "application/grpc",
      te: "trailers",
    },
    { endStream: false },
  );
  const [headers] = await once(stream, "response");
  expect(headers["grpc-status"]).toBe("4");
  expect(headers["grpc-message"]).toMatch(/did%20not%20arrive%20within%2050%20ms/);
});

it("gRPC headers that are too large are refused, and other calls go on", async () => {
  const { server } = await startBoth();
  const client = new RawClient(server.grpcAddress);
  onTestFinished(() => client.close());
  const metadata = { "x-large": "x".repeat(200_000) };
  await expect(client.unary(rpc.listCollections, {}, { metadata })).rejects.toThrow();
  expect(await client.unary(rpc.listCollections, {})).toEqual({ collections: [] });
});
