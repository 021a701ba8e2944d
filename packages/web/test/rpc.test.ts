import { Code, ConnectError } from "@connectrpc/connect";
import { refusedAddress } from "@vectron/fixtures";
import { describe, expect, test } from "vitest";
import { collect, createClient, PROTOCOLS } from "./support/clients.ts";
import { gatewayError, plainAnswer } from "./support/gateway.ts";
import { type Answer, startServer } from "./support/http-server.ts";
import { startRpcServer } from "./support/rpc-server.ts";

const query = { vector: [1, 2] };

function hit(id: string, score: number) {
  return { id, score, payload: { lang: "en" }, vector: new Float32Array([score]) };
}

describe.each(PROTOCOLS.filter((protocol) => protocol !== "json"))("%s", (protocol) => {
  test("requests and replies cross as they are", async () => {
    const points: unknown[] = [];
    const server = await startRpcServer({
      upsert: ({ points: received }) => {
        points.push(...received);
        return { upserted: received.length };
      },
      search: ({ collection, topK }) => ({ results: [hit(`${collection} ${topK}`, 0.25)] }),
      delete: () => ({}),
      getCollectionStatus: ({ name }) => ({
        name,
        dimension: 2,
        distance: "cosine",
        shards: [{ shardId: 1, replicas: ["18446744073709551615"], leaderId: "2", ready: true }],
      }),
    });
    const client = createClient({ baseUrl: `${server.url}/`, protocol });
    expect(await client.upsert("docs", [{ id: "a/b", vector: [1, Math.PI], payload: { lang: "en" } }])).toBe(
      1,
    );
    expect(points).toEqual([{ id: "a/b", vector: new Float32Array([1, Math.PI]), payload: { lang: "en" } }]);
    expect(await client.search("docs", { ...query, topK: 7, includeVectors: true })).toEqual([
      hit("docs 7", 0.25),
    ]);
    expect(await client.delete("docs", "..")).toBeUndefined();
    expect(await client.getCollectionStatus("a/b")).toMatchObject({
      name: "a/b",
      shards: [{ replicas: ["18446744073709551615"], leaderId: "2" }],
    });
  });

  test("streams arrive message by message", async () => {
    const server = await startRpcServer({
      async *searchStream() {
        yield { results: [] };
        yield { results: [hit("a", 2)] };
        yield { results: [hit("b", 1), hit("a", 2)] };
      },
    });
    const client = createClient({ baseUrl: server.url, protocol });
    const ids = (await collect(client.searchStream("docs", query))).map((hits) => hits.map(({ id }) => id));
    expect(ids).toEqual([[], ["a"], ["b", "a"]]);
  });

  test("leaving a stream cancels it on the server", async () => {
    let cancelled: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const server = await startRpcServer({
      async *searchStream(_, { signal }) {
        signal.addEventListener("abort", cancelled);
        yield { results: [hit("a", 1)] };
        await ended;
      },
    });
    const client = createClient({ baseUrl: server.url, protocol });
    for await (const [first] of client.searchStream("docs", query)) {
      expect(first?.id).toBe("a");
      break;
    }
    await ended;
  });

  test("a stream that stands still ends at its deadline, and at an abort", async () => {
    const server = await startRpcServer({
      async *searchStream(_, { signal }) {
        yield { results: [hit("a", 1)] };
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });
    const client = createClient({ baseUrl: server.url, protocol });
    const late = collect(client.searchStream("docs", query, { timeoutMs: 200 }));
    await expect(late).rejects.toMatchObject({ name: "DeadlineExceededError" });

    const controller = new AbortController();
    const aborted = async () => {
      for await (const _ of client.searchStream("docs", query, { signal: controller.signal }))
        controller.abort();
    };
    await expect(aborted()).rejects.toMatchObject({ name: "CancelledError" });
  });

  test("a stream that fails after its first message says so", async () => {
    const server = await startRpcServer({
      async *searchStream() {
        yield { results: [hit("a", 1)] };
        throw new ConnectError("worker gone", Code.Unavailable);
      },
    });
    const client = createClient({ baseUrl: server.url, protocol });
    const seen: string[] = [];
    const read = async () => {
      for await (const [first] of client.searchStream("docs", query)) seen.push(first?.id ?? "");
    };
    await expect(read()).rejects.toMatchObject({
      name: "UnavailableError",
      message: expect.stringMatching(/^worker gone/),
    });
    expect(seen).toEqual(["a"]);
  });

  const CODES = Object.values(Code).filter((code) => typeof code === "number") as Code[];
  test.each(CODES)("an error of code %i keeps its code, text and metadata", async (code) => {
    const server = await startRpcServer({
      listCollections: () => {
        throw new ConnectError("it is so: ä", code, { "x-why": "because", "retry-after": "1" });
      },
    });
    const client = createClient({ baseUrl: server.url, protocol, retry: { maxAttempts: 1 } });
    const error = await client.listCollections().catch((reason) => reason);
    expect(error.code).toBe(
      Code[code]
        .replace(/[A-Z]/g, (upper) => `_${upper}`)
        .slice(1)
        .toUpperCase()
        .replace("CANCELED", "CANCELLED"),
    );
    expect(error.message).toMatch(/^it is so: ä/);
    expect(error.metadata).toMatchObject({ "x-why": "because" });
    expect(error.attempts).toMatchObject([{ requestSent: "yes" }]);
    expect(error.retryAfterMs).toBe(1_000);
  });

  test("a wrapped status of a gateway behind the server is understood", async () => {
    const server = await startRpcServer({
      search: () => {
        throw new ConnectError(
          "rpc error: code = NotFound desc = collection 'docs' not found",
          Code.Internal,
        );
      },
    });
    const client = createClient({ baseUrl: server.url, protocol });
    await expect(client.search("docs", query)).rejects.toMatchObject({ name: "NotFoundError" });
  });

  test("nobody listens: nothing was sent, and the chain of causes ends at the system's error", async () => {
    const client = createClient({ baseUrl: `http://${await refusedAddress()}`, protocol });
    await expect(client.listCollections()).rejects.toMatchObject({
      name: "UnavailableError",
      message: expect.stringMatching(/^no answer from http:\/\/127.*ECONNREFUSED/),
      cause: { cause: { code: "ECONNREFUSED" } },
      attempts: [{ requestSent: "no" }],
    });
  });

  test("a reply that breaks off is no answer, and the server had the request", async () => {
    const type = protocol === "connect" ? "application/proto" : "application/grpc-web+proto";
    const server = await startServer((response) => {
      response.writeHead(200, { "Content-Type": type, "Content-Length": "100" });
      response.write(Uint8Array.of(0, 0, 0, 0, 90, 1), () => response.destroy());
    });
    const client = createClient({ baseUrl: server.url, protocol });
    await expect(client.search("docs", query)).rejects.toMatchObject({
      name: "UnavailableError",
      message: expect.stringMatching(/the reply from http:.* broke off/),
      cause: expect.any(Error),
      attempts: [{ requestSent: "yes" }],
    });
  });

  test("a request over maxSendBytes is refused before it is sent", async () => {
    const server = await startServer(plainAnswer(200, undefined, ""));
    const client = createClient({ baseUrl: server.url, protocol, maxSendBytes: 100 });
    await expect(client.search("docs", { vector: new Float32Array(50).fill(1) })).rejects.toMatchObject({
      name: "ResourceExhaustedError",
      retryable: false,
      attempts: [{ requestSent: "no" }],
    });
    expect(server.received).toEqual([]);
  });

  test("a reply over maxReceiveBytes is not read; each message of a stream counts for itself", async () => {
    const large = hit("x".repeat(2_000), 1);
    const server = await startRpcServer({
      search: () => ({ results: [large] }),
      async *searchStream() {
        for (let count = 0; count < 5; count++) yield { results: [hit("x".repeat(300), 1)] };
        yield { results: [large] };
      },
    });
    const client = createClient({ baseUrl: server.url, protocol, maxReceiveBytes: 1_000 });
    const tooLarge = {
      name: "ResourceExhaustedError",
      message: expect.stringMatching(/larger than maxReceiveBytes, which is 1000/),
      retryable: false,
    };
    await expect(client.search("docs", query)).rejects.toMatchObject(tooLarge);
    let read = 0;
    const drain = async () => {
      for await (const _ of client.searchStream("docs", query)) read += 1;
    };
    await expect(drain()).rejects.toMatchObject(tooLarge);
    expect(read).toBe(5);
  });

  const FOREIGN: Readonly<Record<string, [Answer, object]>> = {
    "a stock gateway, which speaks JSON only": [
      gatewayError(5, "Not Found"),
      {
        name: "UnimplementedError",
        message: expect.stringMatching(/is not spoken there; a stock gateway speaks json only/),
      },
    ],
    "a proxy without an upstream": [
      plainAnswer(502, "text/html", "<h1>Bad Gateway</h1>"),
      { name: "UnavailableError", message: expect.stringMatching(/HTTP 502 with text\/html: Bad Gateway/) },
    ],
    "a proxy that limits the rate": [
      plainAnswer(429, "text/html", "<h1>Slow down</h1>", { "Retry-After": "3" }),
      { name: "ResourceExhaustedError", retryAfterMs: 3_000 },
    ],
    "a proxy that wants a login": [plainAnswer(401, "text/html", ""), { name: "AuthenticationError" }],
    "a page server": [
      plainAnswer(200, "text/html", "<h1>My app</h1>"),
      { name: "InternalServerError", message: expect.stringMatching(/text\/html: My app/) },
    ],
    "a redirect": [
      plainAnswer(307, undefined, "", { Location: "https://elsewhere.example.com/" }),
      { name: "UnimplementedError", message: expect.stringMatching(/redirects to https:\/\/elsewhere/) },
    ],
  };
  test.each(Object.entries(FOREIGN))("what answers is %s", async (_, [answer, error]) => {
    const server = await startServer(answer);
    const client = createClient({ baseUrl: server.url, protocol });
    await expect(client.search("docs", query)).rejects.toMatchObject(error);
    await expect(collect(client.searchStream("docs", query))).rejects.toMatchObject(error);
  });
});

describe("malformed replies", () => {
  const frame = (...bytes: number[]) => Buffer.from(bytes).toString("latin1");
  const CASES: Readonly<Record<string, ["grpc-web" | "connect", Answer, RegExp]>> = {
    "gRPC-Web without trailers": [
      "grpc-web",
      plainAnswer(200, "application/grpc-web+proto", frame(0, 0, 0, 0, 0)),
      /missing trailer/,
    ],
    "gRPC-Web cut off in a frame": [
      "grpc-web",
      plainAnswer(200, "application/grpc-web+proto", frame(0, 0, 0, 0, 9, 1, 2)),
      /incomplete|missing trailer/,
    ],
    "Connect that is no protobuf": [
      "connect",
      plainAnswer(200, "application/proto", frame(0x0a, 0x7f, 1)),
      /Search|parse/,
    ],
    "Connect that is no message of this method": [
      "connect",
      plainAnswer(200, "application/proto", frame(0x0a, 0x02, 0x0a, 0x05)),
      /the reply to Search cannot be decoded/,
    ],
  };
  test.each(Object.entries(CASES))("%s", async (_, [protocol, answer, text]) => {
    const server = await startServer(answer);
    const client = createClient({ baseUrl: server.url, protocol });
    await expect(client.search("docs", query)).rejects.toMatchObject({
      name: "InternalServerError",
      message: expect.stringMatching(text),
      attempts: [{ requestSent: "yes" }],
    });
  });

  test("a stream that ends without its end is not complete", async () => {
    const server = await startServer(plainAnswer(200, "application/connect+proto", frame(0, 0, 0, 0, 0)));
    const client = createClient({ baseUrl: server.url, protocol: "connect" });
    await expect(collect(client.searchStream("docs", query))).rejects.toMatchObject({
      name: "InternalServerError",
      message: expect.stringMatching(/missing EndStreamResponse/),
    });
  });
});
