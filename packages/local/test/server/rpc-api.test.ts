import { gzipSync } from "node:zlib";
import { fail, reply, ScriptedTransport, stream } from "@vectron/core/testing";
import { binaryCodec, type ErrorCode, vectronService as rpc, STATUS_CODES } from "@vectron/core/wire";
import { describe, expect, it } from "vitest";
import { createRequest, expectFailure, point, searchRequest } from "../support/calls.ts";
import { HeldBackend, nextAbort } from "../support/held-backend.ts";
import { ask, startBoth, startHttp } from "../support/http.ts";
import { callOf, collect, RPC_PROTOCOLS, webClient, webTransport } from "../support/web.ts";

describe.each(RPC_PROTOCOLS)("over %s", (protocol) => {
  it("the whole life of a collection", async () => {
    const { url } = await startBoth({ apiKey: "secret" });
    const client = webClient({ baseUrl: url, protocol, apiKey: "secret" });
    await client.createCollection({ name: "a/b ü\u{1f600}", dimension: 2, distance: "dot" });
    const docs = client.collection("a/b ü\u{1f600}");
    const points = [point("a/é", [1, 2], { k: "v", "": "" }), point("..", [3, 4])];
    expect(await docs.upsert(points)).toBe(2);
    expect(await client.listCollections()).toEqual(["a/b ü\u{1f600}"]);
    expect(await client.getCollectionStatus("a/b ü\u{1f600}")).toEqual({
      name: "a/b ü\u{1f600}",
      dimension: 2,
      distance: "dot",
      shards: [{ shardId: 1, replicas: ["1"], leaderId: "1", ready: true }],
    });
    const results = [
      { id: "..", score: -7, payload: {} },
      { id: "a/é", score: -3, payload: { k: "v", "": "" } },
    ];
    expect(await docs.search({ vector: [1, 1] })).toEqual(results);
    expect(await collect(docs.searchStream({ vector: [1, 1] }))).toEqual([results]);
    expect(await docs.get("a/é")).toEqual(points[0]);
    await docs.delete("a/é");
    await expectFailure(docs.get("a/é"), "NOT_FOUND", /^vector with id a\/é not found/);
    await client.deleteCollection("a/b ü\u{1f600}");
    await expectFailure(
      collect(docs.searchStream({ vector: [1] })),
      "NOT_FOUND",
      /^collection 'a\/b ü\u{1f600}' not found/u,
    );
  });

  const CODES = STATUS_CODES.filter((code) => code !== "OK") as ErrorCode[];
  it.each(CODES)("a failure keeps its code, text and metadata: %s", async (code) => {
    const message = `so "it" ist's,\n100% ü\u{1f600}`;
    const metadata = { "retry-after": "7", "x-request-id": "r-1", "x-trace-bin": "AAEC" };
    const backend = new ScriptedTransport([
      fail(code, { message, metadata }),
      fail(code, { message, metadata }),
    ]);
    const { url } = await startHttp(backend);
    const transport = webTransport({ baseUrl: url, protocol });
    for (const failing of [
      transport.unary(callOf(rpc.listCollections, {})),
      collect(transport.serverStream(callOf(rpc.searchStream, searchRequest()))),
    ]) {
      await expect(failing).rejects.toMatchObject({ code, message, metadata });
    }
  });

  it("a reply brings its metadata", async () => {
    const metadata = { "retry-after": "7", "x-request-id": "r-1", "x-trace-bin": "AAEC" };
    const { url } = await startHttp(new ScriptedTransport([reply({ collections: [] }, { metadata })]));
    const transport = webTransport({ baseUrl: url, protocol });
    expect(await transport.unary(callOf(rpc.listCollections, {}))).toMatchObject({ metadata });
  });

  it("a stream fails after its messages", async () => {
    const snapshot = { results: [] };
    const end = fail("UNAVAILABLE", { message: "worker gone" });
    const { url } = await startHttp(
      new ScriptedTransport({ searchStream: [stream([snapshot, snapshot], { end })] }),
    );
    const transport = webTransport({ baseUrl: url, protocol });
    const seen: unknown[] = [];
    const read = async () => {
      for await (const message of transport.serverStream(callOf(rpc.searchStream, searchRequest())))
        seen.push(message);
    };
    await expectFailure(read(), "UNAVAILABLE", "worker gone");
    expect(seen).toEqual([snapshot, snapshot]);
  });

  it("deadline and headers reach the back end", async () => {
    const backend = new ScriptedTransport(
      { listCollections: [reply()], searchStream: [stream([])] },
      { keepToken: true },
    );
    const { url } = await startHttp(backend);
    const transport = webTransport({ baseUrl: url, protocol });
    const deadline = Date.now() + 30_000;
    const headers = { authorization: "Bearer x", "x-request-id": "id-1", "x-custom": "yes" };
    await transport.unary(callOf(rpc.listCollections, {}, { deadline, headers }));
    await collect(
      transport.serverStream(callOf(rpc.searchStream, searchRequest({ topK: 7 }), { deadline, headers })),
    );
    expect(backend.calls.map(({ method }) => method)).toEqual(["listCollections", "searchStream"]);
    expect(backend.calls[1]!.message).toEqual(searchRequest({ topK: 7 }));
    for (const call of backend.calls) {
      expect(call.headers).toMatchObject(headers);
      expect(call.deadline).toBeGreaterThan(deadline - 5_000);
      expect(call.deadline).toBeLessThan(deadline + 5_000);
    }
  });

  it("a deadline that passes ends the call in the back end, a stream too", async () => {
    const backend = new HeldBackend();
    const { url } = await startHttp(backend);
    // Its client waits longer than it says.
    const timeout = protocol === "connect" ? ["Connect-Timeout-Ms", "50"] : ["Grpc-Timeout", "50m"];
    const type = protocol === "connect" ? "application/proto" : "application/grpc-web+proto";
    const streamType = protocol === "connect" ? "application/connect+proto" : type;
    const { encodeRequest } = binaryCodec(rpc.searchStream);
    for (const [path, contentType, body] of [
      [rpc.listCollections.path, type, protocol === "connect" ? "" : frame(Buffer.alloc(0))],
      [rpc.searchStream.path, streamType, frame(encodeRequest(searchRequest()))],
    ] as const) {
      const arrival = backend.nextCall();
      const answer = ask(url + path, {
        method: "POST",
        body,
        headers: [timeout, ["Content-Type", contentType]] as [string, string][],
      });
      await nextAbort(await arrival);
      expect((await answer).body).toMatch(/deadline_exceeded|grpc-status: 4/);
    }
  });

  it("cancelling reaches the back end, and so does leaving a stream", async () => {
    const backend = new HeldBackend();
    const { url } = await startHttp(backend);
    const transport = webTransport({ baseUrl: url, protocol });
    const controller = new AbortController();
    const arrival = backend.nextCall();
    const pending = transport.unary(callOf(rpc.listCollections, {}, { signal: controller.signal }));
    const call = await arrival;
    controller.abort();
    await expectFailure(pending, "CANCELLED", /./);
    await nextAbort(call);

    const streamArrival = backend.nextCall();
    for await (const message of transport.serverStream(callOf(rpc.searchStream, searchRequest()))) {
      expect(message).toEqual({ results: [] });
      break;
    }
    await nextAbort(await streamArrival);
  });

  it("messages of many megabytes pass, both ways", async () => {
    const { url } = await startBoth();
    const client = webClient({ baseUrl: url, protocol });
    const dimension = 65_536;
    await client.createCollection({ name: "docs", dimension });
    const points = Array.from({ length: 50 }, (_, i) => ({
      id: `p${i}`,
      vector: new Float32Array(dimension).fill(i + 0.5),
    }));
    expect(await client.upsert("docs", points)).toBe(50);
    const query = { vector: new Float32Array(dimension), topK: 50, includeVectors: true };
    const results = await client.search("docs", query);
    expect(results.map(({ id, vector }) => [id, vector?.length, vector?.[dimension - 1]])).toEqual(
      points.map(({ id, vector }) => [id, dimension, vector[0]]),
    );
  });

  it("authentication is asked for on every method", async () => {
    const { url } = await startBoth({ apiKey: "secret" });
    const transport = webTransport({ baseUrl: url, protocol });
    const none = transport.unary(callOf(rpc.createCollection, createRequest({ name: "" })));
    await expectFailure(none, "UNAUTHENTICATED", "missing Authorization header");
    const headers = { authorization: "Bearer wrong" };
    const wrong = collect(transport.serverStream(callOf(rpc.searchStream, searchRequest(), { headers })));
    await expectFailure(wrong, "UNAUTHENTICATED", "invalid or expired token");
  });
});

describe("a raw request", () => {
  const LIST = rpc.listCollections.path;
  const CREATE = rpc.createCollection.path;
  const create = binaryCodec(rpc.createCollection).encodeRequest(createRequest());

  it("without a token is refused before its body is read", async () => {
    const { url } = await startBoth({ apiKey: "secret", maxMessageBytes: 1_000 });
    const body = Buffer.alloc(1_000_000, 0xff);
    for (const type of ["application/proto", "application/connect+proto", "application/grpc-web+proto"]) {
      const path = type === "application/connect+proto" ? rpc.searchStream.path : CREATE;
      const answer = await ask(url + path, { method: "POST", body, headers: { "Content-Type": type } });
      expect(answer.body + (answer.headers.get("grpc-message") ?? "")).toMatch(
        /missing(%20| )Authorization(%20| )header/,
      );
    }
  });

  it("may be compressed", async () => {
    const { url } = await startBoth();
    const answer = await ask(url + CREATE, {
      method: "POST",
      body: gzipSync(create),
      headers: { "Content-Type": "application/proto", "Content-Encoding": "gzip" },
    });
    expect(answer.status).toBe(200);
    expect((await ask(`${url}/v1/collections`)).body).toBe('{"collections":["docs"]}');
  });

  it("that unpacks to more than the limit is refused", async () => {
    const { url } = await startBoth({ maxMessageBytes: 1_000 });
    const answer = await ask(url + CREATE, {
      method: "POST",
      body: gzipSync(Buffer.alloc(5_000_000)),
      headers: { "Content-Type": "application/proto", "Content-Encoding": "gzip" },
    });
    expect(answer.status).toBe(429);
  });

  it("is not answered compressed, whatever its client accepts", async () => {
    const collections = Array.from({ length: 1_000 }, (_, i) => `collection-${i}`);
    const { url } = await startHttp(new ScriptedTransport({ listCollections: [reply({ collections })] }));
    const answer = await ask(url + LIST, {
      method: "POST",
      headers: { "Content-Type": "application/proto", "Accept-Encoding": "gzip, br" },
    });
    expect(answer.headers.get("content-encoding")).toBeNull();
    expect(Number(answer.headers.get("content-length"))).toBeGreaterThan(10_000);
  });

  it.each([
    "application/json",
    "application/connect+json",
    "application/grpc-web+json",
    "application/grpc-web-text",
    "application/grpc",
    "text/plain",
    "",
  ])("of content type %j is refused: this server reads binary messages", async (type) => {
    const { url } = await startBoth();
    const body = Buffer.from('{"name":"docs","dimension":2}');
    const headers = new Headers(type === "" ? [] : [["Content-Type", type]]);
    const answer = await ask(url + CREATE, { method: "POST", body, headers });
    expect(answer.status).toBe(415);
    expect(answer.headers.get("accept-post")).toBe(
      "application/proto, application/connect+proto, application/grpc-web+proto",
    );
    expect((await ask(`${url}/v1/collections`)).body).toBe('{"collections":[]}');
  });

  it.each(["GET", "PUT", "DELETE"])("by %s is refused, with a token and without", async (method) => {
    const { url } = await startBoth({ apiKey: "secret" });
    const answer = await ask(`${url + LIST}?connect=v1&encoding=proto&message=`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST, OPTIONS");
  });

  it("may have 24 days; more are refused, and not taken for none", async () => {
    const { url } = await startBoth();
    const withTimeout = (name: string, value: string) =>
      ask(url + LIST, { method: "POST", headers: { "Content-Type": "application/proto", [name]: value } });
    expect((await withTimeout("Connect-Timeout-Ms", "2147483647")).status).toBe(200);
    const refused = await withTimeout("Connect-Timeout-Ms", "2147483648");
    expect(JSON.parse(refused.body)).toMatchObject({ code: "invalid_argument" });
  });

  it("for a method that does not exist is no route", async () => {
    const { url } = await startBoth();
    const path = "/vectron.v1.VectronService/Nope";
    const answer = await ask(url + path, {
      method: "POST",
      headers: { "Content-Type": "application/proto" },
    });
    expect(answer).toMatchObject({ status: 404, body: '{"code":5,"message":"Not Found","details":[]}' });
  });

  it("whose bytes are no message fails, as over gRPC", async () => {
    const { url } = await startBoth();
    // A list of points whose one point ends in the middle.
    const body = Buffer.of(0x12, 2, 0x0a, 9);
    const headers = { "Content-Type": "application/proto" };
    const answer = await ask(url + rpc.upsert.path, { method: "POST", body, headers });
    expect(JSON.parse(answer.body)).toMatchObject({
      code: "internal",
      message: expect.stringMatching(/^grpc: error unmarshalling request: /),
    });
  });
});

/** One message in the frame of gRPC-Web and of Connect's streams. */
function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}
