import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { InvalidArgumentError } from "@vectron/core";
import { vectronService as rpc } from "@vectron/core/wire";
import { createGrpcTransport } from "@vectron/node";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type ServerTls, startServer } from "../../src/index.ts";
import { expectFailure, searchRequest } from "../support/calls.ts";
import { type Certificate, createCertificate } from "../support/certificate.ts";
import { HeldBackend, nextAbort } from "../support/held-backend.ts";
import { startBoth, startHttp } from "../support/http.ts";
import { http2Fetch } from "../support/http2-fetch.ts";
import { callOf, collect, RPC_PROTOCOLS, WEB_PROTOCOLS, webClient, webTransport } from "../support/web.ts";

let certificate: Certificate;
let tls: ServerTls;

beforeAll(async () => {
  certificate = await createCertificate();
  tls = { cert: certificate.cert, key: Buffer.from(certificate.key) };
});

function openSession(url: string) {
  const session = connectHttp2(url, { ca: certificate.ca });
  session.on("error", () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

describe("with TLS", () => {
  it.each([
    [["h2", "http/1.1"], "h2"],
    [["http/1.1"], "http/1.1"],
    [undefined, false],
  ])("a client that offers %j gets %s", async (offered, chosen) => {
    const { server } = await startBoth({ tls });
    expect(server.httpUrl).toBe(`https://127.0.0.1:${server.httpPort}`);
    const options = { ca: certificate.ca, ...(offered && { ALPNProtocols: offered }) };
    const socket = connectTls(server.httpPort!, "127.0.0.1", options);
    onTestFinished(() => void socket.destroy());
    await once(socket, "secureConnect");
    expect(socket.alpnProtocol).toBe(chosen);
  });

  it("HTTP/1.1 is answered", async () => {
    const { url } = await startBoth({ tls });
    const request = requestHttps(`${url}/v1/collections`, { ca: certificate.ca, agent: false }).end();
    const [response] = await once(request, "response");
    expect([response.httpVersion, response.statusCode]).toEqual(["1.1", 200]);
    expect(await text(response)).toBe('{"collections":[]}');
  });

  it("gRPC is answered, to those who trust the certificate", async () => {
    const { server } = await startBoth({ tls });
    const transport = createGrpcTransport({
      host: server.grpcAddress,
      tls: { rootCertificates: certificate.ca },
    });
    onTestFinished(() => transport.close());
    expect((await transport.unary(callOf(rpc.listCollections, {}))).message).toEqual({ collections: [] });
    const distrusting = createGrpcTransport({ host: server.grpcAddress, tls: true });
    onTestFinished(() => distrusting.close());
    await expectFailure(distrusting.unary(callOf(rpc.listCollections, {})), "UNAVAILABLE", /certificate/);
  });
});

describe.each(WEB_PROTOCOLS)("over HTTP/2, %s", (protocol) => {
  it("answers, many megabytes too", async () => {
    const { url } = await startBoth({ tls, apiKey: "secret" });
    const fetch = http2Fetch(openSession(url));
    const client = webClient({ baseUrl: url, protocol, fetch, apiKey: "secret" });
    const dimension = 65_536;
    await client.createCollection({ name: "docs", dimension });
    const points = Array.from({ length: 20 }, (_, i) => ({
      id: `p${i}`,
      vector: new Float32Array(dimension).fill(i + 0.5),
    }));
    expect(await client.upsert("docs", points)).toBe(20);
    const query = { vector: new Float32Array(dimension), topK: 20, includeVectors: true };
    const results = await client.search("docs", query);
    expect(results.map(({ id, vector }) => [id, vector?.[dimension - 1]])).toEqual(
      points.map(({ id, vector }) => [id, vector[0]]),
    );
    await expectFailure(client.get("docs", "nope"), "NOT_FOUND", /vector with id nope not found/);
  });

  it("refuses calls without a token, however large", async () => {
    const { url } = await startBoth({ tls, apiKey: "secret", maxMessageBytes: 1_000 });
    const client = webClient({ baseUrl: url, protocol, fetch: http2Fetch(openSession(url)) });
    const points = Array.from({ length: 100 }, (_, i) => ({ id: `p${i}`, vector: new Float32Array(1_000) }));
    await expectFailure(client.upsert("docs", points), "UNAUTHENTICATED", /missing Authorization header/);
  });

  it("cancelling reaches the back end, and so does a connection that breaks", async () => {
    const backend = new HeldBackend();
    const { url } = await startHttp(backend, { tls });
    const session = openSession(url);
    const transport = webTransport({ baseUrl: url, protocol, fetch: http2Fetch(session) });
    const controller = new AbortController();
    for (const leave of [() => controller.abort(), () => session.destroy()]) {
      const arrival = backend.nextCall();
      const pending = transport.unary(callOf(rpc.listCollections, {}, { signal: controller.signal }));
      pending.catch(() => undefined);
      const call = await arrival;
      leave();
      await nextAbort(call);
      if (!session.destroyed) break;
    }
  });

  it("close lets calls in flight finish, refuses new ones and ends the connection", async () => {
    // Many megabytes, which take their time.
    const collections = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(1_000_000));
    const backend = new HeldBackend(collections);
    const { server, url } = await startHttp(backend, { tls });
    const session = openSession(url);
    const transport = webTransport({ baseUrl: url, protocol, fetch: http2Fetch(session) });
    const arrival = backend.nextCall();
    const pending = transport.unary(callOf(rpc.listCollections, {}));
    await arrival;
    const goaway = once(session, "goaway");
    const closed = server.close(60_000);
    await goaway;
    const late = transport.unary(callOf(rpc.listCollections, {}));
    await expectFailure(late, "UNAVAILABLE", /./);
    backend.release();
    expect((await pending).message).toEqual({ collections });
    await closed;
    expect(backend.calls).toHaveLength(1);
  });

  it("close ends idle connections, and after the time for draining busy ones", async () => {
    const backend = new HeldBackend();
    const { server, url } = await startHttp(backend, { tls });
    const [idle, busy] = [openSession(url), openSession(url)];
    await once(idle, "connect");
    const transport = webTransport({ baseUrl: url, protocol, fetch: http2Fetch(busy) });
    const arrival = backend.nextCall();
    const pending = transport.unary(callOf(rpc.listCollections, {}));
    pending.catch(() => undefined);
    const call = await arrival;
    const ends = [idle, busy].map((session) => once(session, "close"));
    await server.close(20);
    await Promise.all(ends);
    await nextAbort(call);
  });
});

describe.each(RPC_PROTOCOLS)("over HTTP/2, %s", (protocol) => {
  it("streams, and leaving a stream cancels it in the back end", async () => {
    const backend = new HeldBackend();
    const { url } = await startHttp(backend, { tls });
    const transport = webTransport({ baseUrl: url, protocol, fetch: http2Fetch(openSession(url)) });
    const arrival = backend.nextCall();
    for await (const message of transport.serverStream(callOf(rpc.searchStream, searchRequest()))) {
      expect(message).toEqual({ results: [] });
      break;
    }
    await nextAbort(await arrival);
    backend.release();
    const whole = transport.serverStream(callOf(rpc.searchStream, searchRequest()));
    expect(await collect(whole)).toEqual([{ results: [] }]);
  });
});

describe("the tls option", () => {
  it.each<[what: string, tls: () => unknown]>([
    ["no object", () => "yes"],
    ["null", () => null],
    ["without a key", () => ({ cert: certificate.cert })],
    ["with an empty key", () => ({ cert: certificate.cert, key: "" })],
    ["with a key that is none", () => ({ cert: certificate.cert, key: "secret" })],
    ["with the two exchanged", () => ({ cert: certificate.key, key: certificate.cert })],
    ["with another property", () => ({ ...certificate })],
  ])("is refused: %s", async (_what, option) => {
    const error = await startServer({ tls: option() as ServerTls }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as Error).message).toMatch(/^tls/);
    expect((error as Error).message).not.toContain("secret");
  });

  it("is refused with the key of another certificate", async () => {
    const { key } = await createCertificate();
    await expect(startServer({ tls: { cert: certificate.cert, key } })).rejects.toThrow(InvalidArgumentError);
  });
});
