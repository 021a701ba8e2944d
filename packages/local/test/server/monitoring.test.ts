import { once } from "node:events";
import { connect } from "node:net";
import type { LogFields, Logger } from "@vectron/core";
import { binaryCodec, vectronService as rpc } from "@vectron/core/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRequest, point, searchRequest } from "../support/calls.ts";
import { HeldBackend } from "../support/held-backend.ts";
import { ask, startBoth, startHttp } from "../support/http.ts";
import { RawClient } from "../support/raw-client.ts";
import { RPC_PROTOCOLS, WEB_PROTOCOLS, webClient } from "../support/web.ts";

interface Line {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

function recorder() {
  const lines: Line[] = [];
  const at = (level: keyof Logger) => (message: string, fields?: LogFields) =>
    void lines.push({ level, message, fields });
  const logger: Logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { logger, lines, calls: () => lines.filter(({ message }) => message.startsWith("call ")) };
}

function rawClient(address: string): RawClient {
  const client = new RawClient(address);
  onTestFinished(() => client.close());
  return client;
}

/** The samples of a text in the format of Prometheus, by name and labels. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [, name, value] = /^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      expect(Number(value), line).not.toBeNaN();
      return [name!, Number(value)];
    }),
  );
}

async function metricsOf(url: string): Promise<Map<string, number>> {
  const { status, body, headers } = await ask(`${url}/metrics`);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(headers.has("access-control-allow-origin")).toBe(false);
  return samplesOf(body);
}

describe("metrics", () => {
  it("count calls by method, protocol and code, with their times and sizes", async () => {
    const { server, url } = await startBoth({ metrics: true });
    const grpc = rawClient(server.grpcAddress);
    await grpc.unary(rpc.createCollection, createRequest());
    const request = { collection: "docs", points: [point("a", [1, 2]), point("b", [3, 4])] };
    await grpc.unary(rpc.upsert, request);
    await grpc.unary(rpc.get, { collection: "docs", id: "c" }).catch(() => undefined);
    for (const protocol of WEB_PROTOCOLS) {
      const client = webClient({ baseUrl: url, protocol });
      await client.get("docs", "a");
      await client.get("docs", "c").catch(() => undefined);
    }
    const samples = await metricsOf(url);
    const count = (method: string, protocol: string, code: string) =>
      samples.get(`vectron_requests_total{method="${method}",protocol="${protocol}",code="${code}"}`);
    expect(count("CreateCollection", "grpc", "OK")).toBe(1);
    expect(count("Upsert", "grpc", "OK")).toBe(1);
    expect(count("Get", "grpc", "NOT_FOUND")).toBe(1);
    for (const protocol of WEB_PROTOCOLS) {
      expect(count("Get", protocol, "OK")).toBe(1);
      expect(count("Get", protocol, "NOT_FOUND")).toBe(1);
      const labels = `{method="Get",protocol="${protocol}"}`;
      expect(samples.get(`vectron_request_duration_seconds_count${labels}`)).toBe(2);
      expect(samples.get(`vectron_requests_in_flight${labels}`)).toBe(0);
      expect(samples.get(`vectron_response_bytes_total${labels}`)).toBeGreaterThan(10);
    }
    expect(samples.get('vectron_request_bytes_total{method="Upsert",protocol="grpc"}')).toBe(
      binaryCodec(rpc.upsert).encodeRequest(request).byteLength,
    );
    expect(samples.get("vectron_collections")).toBe(1);
    expect(samples.get("vectron_points")).toBe(2);
    expect(samples.get('vectron_connections{side="grpc"}')).toBe(1);
    expect(samples.get('vectron_connections{side="http"}')).toBeGreaterThan(0);
    expect(samples.get("process_resident_memory_bytes")).toBeGreaterThan(1e7);
    expect(samples.get("process_start_time_seconds")).toBeLessThan(Date.now() / 1_000);
    expect(samples.get("process_cpu_seconds_total")).toBeGreaterThan(0);
  });

  it("have labels that callers cannot choose", async () => {
    const { server, url } = await startBoth({ metrics: true });
    const client = rawClient(server.grpcAddress);
    for (let count = 0; count < 20; count++) {
      await ask(`${url}/nothing/here/${count}`, { method: count % 2 ? "POST" : "GET" });
      await ask(`${url}/v1/collections/name-${count}/status`);
      await client
        .bytes(`/vectron.v1.VectronService/Method${count}`, new Uint8Array())
        .catch(() => undefined);
    }
    const samples = await metricsOf(url);
    const methods = [...samples.keys()].map((name) => /method="([^"]*)"/.exec(name)?.[1]);
    expect([...new Set(methods)].filter(Boolean).sort()).toEqual(["GetCollectionStatus", "none"]);
    expect(samples.get('vectron_requests_total{method="none",protocol="json",code="NOT_FOUND"}')).toBe(20);
  });

  it("tell what was refused before any handler saw it, on every side", async () => {
    const { server, url } = await startBoth({ metrics: true, maxMessageBytes: 100, rateLimit: 4 });
    const path = "/vectron.v1.VectronService/Upsert";
    const body = new Uint8Array(200);
    await rawClient(server.grpcAddress)
      .bytes(path, body)
      .catch(() => undefined);
    for (const protocol of RPC_PROTOCOLS) {
      const type = protocol === "connect" ? "application/proto" : "application/grpc-web+proto";
      const framed = protocol === "connect" ? body : Buffer.concat([Buffer.of(0, 0, 0, 0, 200), body]);
      await ask(url + path, { method: "POST", body: framed, headers: { "Content-Type": type } });
    }
    await ask(`${url}/v1/collections`, { method: "POST", body: " ".repeat(200) });
    await ask(`${url}/v1/collections`);
    const samples = await metricsOf(url);
    const exhausted = (method: string, protocol: string) =>
      samples.get(
        `vectron_requests_total{method="${method}",protocol="${protocol}",code="RESOURCE_EXHAUSTED"}`,
      );
    expect(exhausted("Upsert", "grpc")).toBe(1);
    expect(exhausted("Upsert", "grpc-web")).toBe(1);
    expect(exhausted("Upsert", "connect")).toBe(1);
    expect(exhausted("CreateCollection", "json")).toBe(1);
    expect(exhausted("ListCollections", "json")).toBe(1);
    expect(samples.get("vectron_rate_limited_total")).toBe(1);
  });

  it("are for those who bear what calls have to bear", async () => {
    const { url } = await startBoth({ metrics: true, apiKey: "secret" });
    expect((await ask(`${url}/metrics`)).status).toBe(401);
    expect((await ask(`${url}/metrics`, { headers: { Authorization: "Bearer other" } })).status).toBe(401);
    const headers = { Authorization: "Bearer secret" };
    expect((await ask(`${url}/metrics`, { headers })).body).toContain("vectron_collections 0");
    expect((await ask(`${url}/metrics`, { headers, method: "POST" })).status).toBe(405);
  });

  it("are there when asked for only, in strict parity and on a bridge too", async () => {
    const { url, server } = await startBoth();
    expect((await ask(`${url}/metrics`)).status).toBe(404);
    const bridge = await startBoth({ upstream: server.grpcAddress, metrics: true });
    await webClient({ baseUrl: bridge.url, protocol: "json" }).listCollections();
    const samples = await metricsOf(bridge.url);
    expect(samples.get('vectron_requests_total{method="ListCollections",protocol="json",code="OK"}')).toBe(1);
    expect(samples.has("vectron_collections")).toBe(false);
    const stock = await startBoth({ strictParity: true, metrics: true });
    expect((await metricsOf(stock.url)).get("vectron_collections")).toBe(0);
  });
});

describe("the routes about health", () => {
  it("answer everybody, and nothing but reads", async () => {
    const { url } = await startBoth({ apiKey: "secret" });
    for (const path of ["/healthz", "/readyz"]) {
      expect(await ask(url + path)).toMatchObject({ status: 200, body: "ok\n" });
      expect((await ask(url + path, { method: "HEAD" })).status).toBe(200);
      expect((await ask(url + path, { method: "POST" })).status).toBe(405);
    }
  });

  it("tell a server that is up from one that takes calls", async () => {
    const backend = new HeldBackend();
    const { server, url } = await startHttp(backend);
    const arrived = backend.nextCall();
    const call = ask(`${url}/v1/collections`);
    await arrived;
    // A server that drains answers those of whose request it has seen the beginning.
    const requests = await Promise.all(
      ["/healthz", "/readyz"].map((path) => begin(url, `GET ${path} HTTP/1.1\r\n`)),
    );
    expect((await ask(`${url}/readyz`)).status).toBe(200);
    const closing = server.close(60_000);
    const answers = requests.map((finish) => finish("Host: a\r\n\r\n"));
    expect(await Promise.all(answers)).toEqual([
      expect.stringMatching(/^HTTP\/1.1 200 /),
      expect.stringMatching(/^HTTP\/1.1 503 /),
    ]);
    backend.release();
    expect((await call).status).toBe(200);
    await closing;
  });

  it("are not there in strict parity", async () => {
    const { url } = await startBoth({ strictParity: true });
    for (const path of ["/healthz", "/readyz"]) expect((await ask(url + path)).status).toBe(404);
  });
});

describe("logs", () => {
  it("have a line for each call, and for the server's start and end", async () => {
    const { logger, lines, calls } = recorder();
    const { server, url } = await startBoth({ logger });
    await rawClient(server.grpcAddress).unary(rpc.createCollection, createRequest());
    for (const protocol of WEB_PROTOCOLS) {
      const client = webClient({ baseUrl: url, protocol });
      await client.listCollections();
      await client.get("docs", "a").catch(() => undefined);
    }
    expect(calls()).toEqual([
      expect.objectContaining({
        level: "debug",
        message: "call ended",
        fields: {
          method: "CreateCollection",
          protocol: "grpc",
          code: "OK",
          durationMs: expect.any(Number),
          requestBytes: expect.any(Number),
          replyBytes: 2,
        },
      }),
      ...WEB_PROTOCOLS.flatMap((protocol) => [
        expect.objectContaining({
          level: "debug",
          fields: expect.objectContaining({ method: "ListCollections", protocol, code: "OK" }),
        }),
        expect.objectContaining({
          level: "warn",
          message: "call failed",
          fields: expect.objectContaining({
            method: "Get",
            protocol,
            code: "NOT_FOUND",
            reason: "vector with id a not found",
          }),
        }),
      ]),
    ]);
    await server.close();
    const others = lines.filter((line) => !calls().includes(line));
    expect(others.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "info server listening",
      "info server draining",
      "info server closed",
    ]);
  });

  it("never hold a token, a payload or a vector, whatever goes wrong", async () => {
    const { logger, lines } = recorder();
    const { server, url } = await startBoth({ logger, apiKey: "correct-horse-battery" });
    const bad = { Authorization: "Bearer stolen-token-9911" };
    const good = { Authorization: "Bearer correct-horse-battery" };
    const upsert = `${url}/v1/collections/docs/points`;
    const point = { id: "a", vector: [0.123_456_7, 0.765_432_1], payload: { note: "private-words" } };
    const bodies = [
      { points: [point] },
      { points: [{ ...point, payload: { note: ["private-words"] } }] },
      { points: [{ ...point, vector: [0.123_456_7, "0.7654321x"] }] },
    ].map((body) => JSON.stringify(body));
    for (const headers of [bad, good]) {
      for (const body of [...bodies, `{"points":[private-words`]) {
        await ask(upsert, { method: "POST", headers, body });
      }
    }
    const client = rawClient(server.grpcAddress);
    const metadata = { authorization: "stolen-token-9911" };
    await client.unary(rpc.search, searchRequest(), { metadata }).catch(() => undefined);
    expect(lines.length).toBeGreaterThan(8);
    const text = JSON.stringify(lines);
    for (const secret of ["stolen", "9911", "correct-horse", "private", "0.123", "7654321"]) {
      expect(text).not.toContain(secret);
    }
  });

  it("say what was cancelled, what ran out of time, and what is the server's own fault", async () => {
    const { logger, calls } = recorder();
    const { server } = await startBoth({ logger, strictParity: true });
    const client = rawClient(server.grpcAddress);
    await client.unary(rpc.deleteCollection, { name: "none" }).catch(() => undefined);
    expect(calls()).toMatchObject([{ level: "error", fields: { code: "INTERNAL" } }]);
  });

  it("blame no server for a caller that leaves, or breaks off, while it sends", async () => {
    const ends: unknown[] = [];
    let onEnd: () => void = () => undefined;
    const tell = (level: string) => (message: string, fields?: LogFields) => {
      if (!message.startsWith("call ")) return;
      ends.push({ level, code: fields?.code });
      onEnd();
    };
    const { url } = await startBoth({
      logger: { debug: tell("debug"), warn: tell("warn"), error: tell("error") },
    });
    // The server says so once it has begun with a request.
    const expecting = "HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n";
    for (const [head, body] of [
      [`POST /v1/collections ${expecting}Content-Length: 100`, '{"name":'],
      [`POST /v1/collections ${expecting}Transfer-Encoding: chunked`, '5\r\n{"nam\r\nzz\r\n'],
      [
        `POST ${rpc.listCollections.path} ${expecting}Content-Type: application/proto\r\nContent-Length: 9`,
        "a",
      ],
    ] as const) {
      const ended = new Promise<void>((resolve) => {
        onEnd = resolve;
      });
      const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => undefined);
      await once(socket, "connect");
      socket.write(`${head}\r\n\r\n`);
      await once(socket, "data");
      await new Promise((resolve) => socket.write(body, resolve));
      socket.destroy();
      await ended;
    }
    expect(ends).toEqual(Array(3).fill({ level: "debug", code: "CANCELLED" }));
  });

  it("that cannot be written fail no call", async () => {
    const broken = () => {
      throw new Error("no space left");
    };
    const { server, url } = await startBoth({
      logger: { debug: broken, info: broken, warn: broken, error: broken },
    });
    const client = rawClient(server.grpcAddress);
    await client.unary(rpc.listCollections, {});
    await expect(client.unary(rpc.deleteCollection, { name: "none" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect((await ask(`${url}/v1/collections`)).status).toBe(200);
    expect((await ask(`${url}/v1/collections/none/status`)).status).toBe(404);
    await server.close();
  });

  it("take a logger with some of the methods only", async () => {
    const { server } = await startBoth({ logger: {} });
    await rawClient(server.grpcAddress).unary(rpc.listCollections, {});
  });
});

/** Sends the beginning of a request; what is returned sends the end, and resolves to all that was answered. */
async function begin(url: string, text: string): Promise<(rest: string) => Promise<string>> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  socket.setEncoding("latin1").on("data", (data) => {
    received += data;
  });
  await once(socket, "connect");
  await new Promise((resolve) => socket.write(text, resolve));
  return async (rest) => {
    socket.write(rest);
    await once(socket, "close");
    return received;
  };
}
