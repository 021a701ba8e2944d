import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { reply, ScriptedTransport } from "@vectron/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { createNodeServer, type HttpListener, httpLimits } from "../../src/server/http/node-server.ts";
import { type Certificate, createCertificate } from "../support/certificate.ts";
import { ask, sendRaw, startBoth, startHttp } from "../support/http.ts";

const POST = { method: "POST" };

describe("a body that is no request", () => {
  const CREATE = "/v1/collections";
  const POINTS = "/v1/collections/docs/points";

  it.each<[path: string, body: string | Buffer, message: RegExp]>([
    [CREATE, "{", /JSON/],
    [CREATE, "secret", /^the text is not valid JSON$/],
    [CREATE, '{"name":"a"} x', /JSON/],
    [CREATE, "[]", /expected an object/],
    [CREATE, '"docs"', /expected an object/],
    [CREATE, "5", /expected an object/],
    [CREATE, "null", /expected an object/],
    [CREATE, '{"name":5}', /^name: expected a string/],
    [CREATE, '{"name":["a"]}', /^name: expected a string/],
    [CREATE, '{"name":"\\ud800"}', /^name: .*Unicode/],
    [CREATE, '{"dimension":"x"}', /^dimension: expected an int32/],
    [CREATE, '{"dimension":1.5}', /^dimension: expected an int32/],
    [CREATE, '{"dimension":1e99}', /^dimension: expected an int32/],
    [CREATE, '{"dimension":true}', /^dimension: expected an int32/],
    [CREATE, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /UTF-8/],
    [CREATE, Buffer.from('{"name":"é"}', "latin1"), /UTF-8/],
    [POINTS, '{"points":{}}', /^points: expected an array/],
    [POINTS, '{"points":[1]}', /^points\[0\]: expected an object/],
    [POINTS, '{"points":[{"vector":"1,2"}]}', /^points\[0\]\.vector: expected an array/],
    [POINTS, '{"points":[{"vector":[1,"two"]}]}', /^points\[0\]\.vector\[1\]: expected a float32/],
    [POINTS, '{"points":[{"vector":[1e39]}]}', /^points\[0\]\.vector\[0\]: expected a float32/],
    [POINTS, '{"points":[{"vector":[null]}]}', /^points\[0\]\.vector\[0\]: expected a float32/],
    [
      POINTS,
      '{"points":[{"payload":{"year":2020}}]}',
      /^points\[0\]\.payload\["year"\]: expected a well-formed string/,
    ],
    [`${POINTS}/search`, '{"topK":-1}', /^topK: expected a uint32/],
    [`${POINTS}/search`, '{"topK":1,"top_k":1}', /^topK: given twice/],
    [`${POINTS}/search`, '{"includeVectors":"yes"}', /^includeVectors: expected a boolean/],
  ])("%s %s is refused", async (path, body, message) => {
    const backend = new ScriptedTransport([]);
    const { url } = await startHttp(backend);
    const answer = await ask(url + path, { ...POST, body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      code: 3,
      message: expect.stringMatching(message),
      details: [],
    });
    expect(backend.calls).toHaveLength(0);
  });

  it.each([
    ["of a field that is known", "points", 400],
    ["of a field that is not", "pints", 200],
  ])("nested a million deep is what it is: the value %s", async (_what, name, status) => {
    const { url } = await startHttp(new ScriptedTransport({ upsert: [reply(), reply()] }));
    const depth = 1_000_000;
    const lists = "[".repeat(depth) + "]".repeat(depth);
    const objects = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    for (const value of [lists, objects]) {
      expect((await ask(url + POINTS, { ...POST, body: `{"${name}":${value}}` })).status).toBe(status);
    }
  });
});

describe("a body that is too large", () => {
  const CREATE = '{"name":"docs","dimension":2}';
  const tooLarge = (size: number) => ({
    status: 429,
    body: `{"code":8,"message":"grpc: received message larger than max (${size} vs. 1000)","details":[]}`,
  });

  it("is refused by its announced length", async () => {
    const { url } = await startBoth({ maxMessageBytes: 1_000 });
    const body = CREATE + " ".repeat(5_000_000);
    expect(await ask(`${url}/v1/collections`, { ...POST, body })).toMatchObject(tooLarge(body.length));
    expect(await ask(`${url}/v1/collections`, { ...POST, body: CREATE.padEnd(1_000) })).toMatchObject({
      status: 200,
    });
  });

  it("is refused as soon as it is too long, when no length was announced", async () => {
    const { url } = await startBoth({ maxMessageBytes: 1_000 });
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent++;
        controller.enqueue(Buffer.alloc(100, " "));
      },
    });
    const answer = await fetch(`${url}/v1/collections`, {
      ...POST,
      body: endless,
      duplex: "half",
    } as RequestInit);
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({
      code: 8,
      message: expect.stringMatching(/^grpc: received message larger than max/),
    });
    expect(sent).toBeGreaterThan(10);
  });

  it("is refused over Connect and gRPC-Web, and the refusal arrives", async () => {
    const { url } = await startBoth({ maxMessageBytes: 1_000 });
    const path = "/vectron.v1.VectronService/CreateCollection";
    const body = Buffer.alloc(5_000_000);
    const connect = await ask(url + path, {
      ...POST,
      body,
      headers: { "Content-Type": "application/proto" },
    });
    expect(connect.status).toBe(429);
    expect(JSON.parse(connect.body)).toMatchObject({ code: "resource_exhausted" });
    // A frame of four million bytes.
    body.writeUInt32BE(4_000_000, 1);
    const web = await ask(url + path, {
      ...POST,
      body,
      headers: { "Content-Type": "application/grpc-web+proto" },
    });
    expect(web.status).toBe(200);
    expect(web.body).toMatch(/grpc-status: 8/);
  });
});

describe("what is left of a body that was refused", () => {
  const SIZE = 30_000_000;
  const RPC = "/vectron.v1.VectronService/CreateCollection";

  it.each([
    ["by its announced length", "/v1/collections", "application/json", true],
    ["by what came of it", "/v1/collections", "application/json", false],
    ["by what came of it, over Connect", RPC, "application/proto", false],
    ["by what came of it, over gRPC-Web", RPC, "application/grpc-web+proto", false],
  ])("%s, is taken from the connection, which serves on", async (_what, path, type, isAnnounced) => {
    const { url } = await startBoth({ maxMessageBytes: 1_000 });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    let received = "";
    socket.setEncoding("latin1").on("data", (text) => {
      received += text;
    });
    const framing = isAnnounced ? `Content-Length: ${SIZE}` : "Transfer-Encoding: chunked";
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${framing}\r\n\r\n`);
    const body = Buffer.alloc(SIZE, 0x7f);
    socket.write(isAnnounced ? body : Buffer.concat([Buffer.from(`${SIZE.toString(16)}\r\n`), body]));
    // More than the buffers of a connection hold: it is sent only if the server takes it.
    await new Promise((resolve) => socket.write(isAnnounced ? "" : "\r\n0\r\n\r\n", resolve));
    socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await once(socket, "close");
    const statuses = [...received.matchAll(/HTTP\/1.1 (\d+) /g)].map(([, status]) => status);
    expect(statuses).toEqual([type === "application/grpc-web+proto" ? "200" : "429", "200"]);
  });
});

it("a reply that is too large is refused", async () => {
  const collections = Array.from({ length: 100 }, (_, i) => `collection-${i}`);
  const backend = new ScriptedTransport({ listCollections: [reply({ collections })] });
  const { url } = await startHttp(backend, { maxMessageBytes: 1_000 });
  const answer = await ask(`${url}/v1/collections`);
  expect(answer.status).toBe(429);
  expect(JSON.parse(answer.body)).toMatchObject({
    code: 8,
    message: expect.stringMatching(/^grpc: trying to send message larger than max \(\d+ vs\. 1000\)$/),
  });
});

describe("headers", () => {
  it("that are too large are refused; long paths are not", async () => {
    const { url } = await startBoth();
    const id = "x".repeat(40_000);
    const path = `${url}/v1/collections/docs/points/`;
    expect((await ask(path + id)).status).toBe(404);
    expect((await ask(path + id, { headers: { "X-Other": "y".repeat(40_000) } })).status).toBe(431);
  });

  it.each([
    "nonsense\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
  ])("that make no sense are refused: %j", async (text) => {
    const { url } = await startBoth();
    expect(await sendRaw(url, text)).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect((await ask(`${url}/v1/collections`)).status).toBe(200);
  });

  it("that name no host, or nonsense, do no harm to Connect", async () => {
    const { url } = await startBoth();
    for (const version of ["HTTP/1.0", "HTTP/1.1\r\nHost: no host[", "HTTP/1.1\r\nHost:"]) {
      const head = `POST /vectron.v1.VectronService/ListCollections ${version}\r\nConnection: close\r\n`;
      const answer = await sendRaw(
        url,
        `${head}Content-Type: application/proto\r\nContent-Length: 0\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    }
  });
});

describe("clients that take their time", () => {
  const QUICK = {
    ...httpLimits(50),
    checkIntervalMs: 10,
    idleTimeoutMs: 50,
  };
  /** Reads the whole body. */
  const patient: HttpListener = (request, response) => {
    request.resume().once("end", () => response.end("done"));
  };

  async function start(tls?: Certificate) {
    const identity = tls && { cert: Buffer.from(tls.cert), key: Buffer.from(tls.key) };
    const server = createNodeServer(patient, identity, QUICK);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each([
    ["say nothing", "", ""],
    ["do not end their headers", "GET / HTTP/1.1\r\nHost: a\r\n", "HTTP/1.1 408 Request Timeout"],
    [
      "do not end their body",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1",
      "HTTP/1.1 408 Request Timeout",
    ],
    ["keep a connection idle", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK"],
  ])("over HTTP/1.1: they %s", async (_what, text, status) => {
    const address = await start();
    expect((await sendRaw(`http://${address}`, text)).split("\r\n")[0]).toMatch(status);
  });

  it("over HTTP/2: they do not end their body, and keep a connection idle", async () => {
    const certificate = await createCertificate();
    const session = connectHttp2(`https://${await start(certificate)}`, { ca: certificate.ca });
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":method": "POST" }, { endStream: false });
    stream.on("error", () => undefined);
    stream.write("1");
    await once(stream, "close");
    expect(stream.rstCode).toBe(8);
    await once(session, "close");
  });

  it("over TLS and HTTP/1.1: they say nothing", async () => {
    const address = await start(await createCertificate());
    const socket = connect(Number(address.split(":")[1]), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    await once(socket.resume(), "close");
  });
});
