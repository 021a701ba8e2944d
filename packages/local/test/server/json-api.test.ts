import { crash, fail, hang, reply, ScriptedTransport } from "@vectron/core/testing";
import { vectronService as rpc, STATUS_CODES, statusCodeToNumber } from "@vectron/core/wire";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { expectFailure } from "../support/calls.ts";
import { ask, QUICK_PARITY, sendRaw, startBoth, startHttp } from "../support/http.ts";
import { RawClient } from "../support/raw-client.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Each request follows the ones before it. The last column is the exact body of the answer. */
const LIFE: readonly (readonly [
  method: string,
  path: string,
  body: string,
  status: number,
  answer: string,
])[] = [
  ["GET", "/v1/collections", "", 200, '{"collections":[]}'],
  ["POST", "/v1/collections", '{"name":"docs","dimension":2,"distance":"cosine"}', 200, '{"success":true}'],
  ["POST", "/v1/collections", '{"name":"näme/2","dimension":"3"}', 200, '{"success":true}'],
  ["GET", "/v1/collections", "", 200, '{"collections":["docs","näme/2"]}'],
  [
    "GET",
    "/v1/collections/docs/status",
    "",
    200,
    '{"name":"docs","dimension":2,"distance":"cosine","shards":[{"shardId":1,"replicas":["1"],"leaderId":"1","ready":true}]}',
  ],
  [
    "GET",
    "/v1/collections/nope/status",
    "",
    404,
    `{"code":5,"message":"collection 'nope' not found","details":[]}`,
  ],
  [
    "POST",
    "/v1/collections",
    '{"name":"docs","dimension":2}',
    409,
    `{"code":6,"message":"collection 'docs' already exists","details":[]}`,
  ],
  ["POST", "/v1/collections", "", 400, '{"code":3,"message":"collection name cannot be empty","details":[]}'],
  [
    "POST",
    "/v1/collections",
    '{"name":"x"}',
    400,
    '{"code":3,"message":"dimension must be a positive number","details":[]}',
  ],
  // The path wins over the body; unknown fields, numbers as strings and both styles of names are taken.
  [
    "POST",
    "/v1/collections/docs/points",
    '{"collection":"other","points":[{"id":"a","vector":[1,"0"],"payload":{"k":"v"},"zip":1},{"id":"b:c","vector":[0,1]}],"zap":[{}]}',
    200,
    '{"upserted":2}',
  ],
  [
    "POST",
    "/v1/collections/docs/points",
    '{"points":[{"id":"a","vector":[1]}]}',
    400,
    '{"code":3,"message":"vector dimension 1 does not match index dimension 2","details":[]}',
  ],
  [
    "POST",
    "/v1/collections/docs/points/search",
    '{"vector":[1,0],"topK":1}',
    200,
    '{"results":[{"id":"a","score":0,"payload":{},"vector":[]}]}',
  ],
  [
    "POST",
    "/v1/collections/docs/points/search",
    '{"vector":[1,0],"include_metadata":true,"includeVectors":true}',
    200,
    '{"results":[{"id":"a","score":0,"payload":{"k":"v"},"vector":[1,0]},{"id":"b:c","score":1,"payload":{},"vector":[0,1]}]}',
  ],
  [
    "GET",
    "/v1/collections/docs/points/a",
    "",
    200,
    '{"point":{"id":"a","vector":[1,0],"payload":{"k":"v"}}}',
  ],
  ["GET", "/v1/collections/docs/points/b:c", "", 200, '{"point":{"id":"b:c","vector":[0,1],"payload":{}}}'],
  [
    "GET",
    "/v1/collections/docs/points/b%3Ac?collection=other&id=z",
    "",
    200,
    '{"point":{"id":"b:c","vector":[0,1],"payload":{}}}',
  ],
  [
    "GET",
    "/v1/collections/docs/points/z",
    "",
    404,
    '{"code":5,"message":"vector with id z not found","details":[]}',
  ],
  ["DELETE", "/v1/collections/docs/points/z", "", 200, "{}"],
  ["DELETE", "/v1/collections/docs/points/a", "", 200, "{}"],
  // An empty segment is an empty id; an encoded slash ends a segment, so that such names have no path.
  [
    "GET",
    "/v1/collections/docs/points/",
    "",
    404,
    '{"code":5,"message":"vector with id  not found","details":[]}',
  ],
  ["GET", "/v1/collections/docs/points/a%2Fb", "", 404, '{"code":5,"message":"Not Found","details":[]}'],
  ["GET", "/v1/collections/n%C3%A4me%2F2/status", "", 404, '{"code":5,"message":"Not Found","details":[]}'],
  [
    "GET",
    "/v1/collections/docs%2Fpoints%2Fb:c",
    "",
    200,
    '{"point":{"id":"b:c","vector":[0,1],"payload":{}}}',
  ],
  ["DELETE", "/v1/collections/docs", "", 200, '{"success":true}'],
  [
    "DELETE",
    "/v1/collections/docs",
    "",
    404,
    `{"code":5,"message":"collection 'docs' not found","details":[]}`,
  ],
  [
    "POST",
    "/v1/feedback",
    '{"collection":"docs","feedbackItems":[{"resultId":"a","relevance_score":6}]}',
    400,
    '{"code":3,"message":"relevance score must be between 1 and 5","details":[]}',
  ],
];

describe("the HTTP/JSON API answers as a stock gateway:", () => {
  it("the whole life of a collection", async () => {
    const { url } = await startBoth();
    for (const [method, path, body, status, answer] of LIFE) {
      const init = method === "POST" ? { method, body } : { method };
      const got = await ask(url + path, init);
      expect([method, path, got.status, got.body]).toEqual([method, path, status, answer]);
      expect(got.headers.get("content-type")).toBe("application/json");
      expect(got.headers.get("grpc-metadata-content-type")).toBe(status === 200 ? "application/grpc" : null);
    }
  });

  it("the account's calls, with 64-bit integers as strings and enums by name", async () => {
    const { url } = await startBoth();
    const profile = await ask(`${url}/v1/user/profile`, { method: "PUT", body: '{"plan":"PAID"}' });
    expect(profile.status).toBe(200);
    expect(JSON.parse(profile.body)).toEqual({
      user: {
        id: "local",
        email: "local@localhost",
        createdAt: expect.stringMatching(/^\d+$/),
        plan: "PAID",
        subscriptionStatus: "ACTIVE",
      },
    });
    const feedback = await ask(`${url}/v1/feedback`, {
      method: "POST",
      body: '{"collection":"docs","feedback_items":[{"result_id":"a","relevance_score":5}]}',
    });
    expect(feedback.status).toBe(200);
    expect(JSON.parse(feedback.body)).toEqual({ success: true, feedbackId: expect.stringMatching(UUID) });
  });

  it("numbers that JSON has no word for are strings, both ways", async () => {
    const { url } = await startBoth({ strictParity: true }, QUICK_PARITY);
    const headers = { "Grpc-Timeout": "30S" };
    await ask(`${url}/v1/collections`, { method: "POST", body: '{"name":"docs","dimension":3}' });
    const body = '{"points":[{"id":"a","vector":["NaN","Infinity","-Infinity"]}]}';
    await ask(`${url}/v1/collections/docs/points`, { method: "POST", body });
    const { body: answer } = await ask(`${url}/v1/collections/docs/points/a`, { headers });
    expect(answer).toBe('{"point":{"id":"a","vector":["NaN","Infinity","-Infinity"],"payload":{}}}');
  });

  it.each(["application/json", "text/plain", "application/x-www-form-urlencoded", "application/xml", ""])(
    "a body of content type %j is read as JSON",
    async (type) => {
      const { url } = await startBoth();
      const body = Buffer.from('{"name":"docs","dimension":2}');
      const init = {
        method: "POST",
        body,
        headers: new Headers(type === "" ? [] : [["Content-Type", type]]),
      };
      expect(await ask(`${url}/v1/collections`, init)).toMatchObject({
        status: 200,
        body: '{"success":true}',
      });
    },
  );

  it.each([
    ["GET", "/", 404, '{"code":5,"message":"Not Found","details":[]}'],
    ["GET", "/v1", 404, '{"code":5,"message":"Not Found","details":[]}'],
    ["GET", "/v1/collections/a/b", 404, '{"code":5,"message":"Not Found","details":[]}'],
    [
      "POST",
      "/v1/collections/docs/points/search/stream",
      404,
      '{"code":5,"message":"Not Found","details":[]}',
    ],
    ["GET", "/v1/system/health", 404, '{"code":5,"message":"Not Found","details":[]}'],
    ["PATCH", "/v1/collections", 501, '{"code":12,"message":"Method Not Allowed","details":[]}'],
    ["GET", "/v1/collections/docs", 501, '{"code":12,"message":"Method Not Allowed","details":[]}'],
    [
      "GET",
      "/v1/collections/docs/points/search",
      404,
      '{"code":5,"message":"vector with id search not found","details":[]}',
    ],
    ["PUT", "/v1/collections/docs/points/a", 501, '{"code":12,"message":"Method Not Allowed","details":[]}'],
    ["GET", "/v1/user/profile", 501, '{"code":12,"message":"Method Not Allowed","details":[]}'],
    ["GET", "/v1/collections/%zz/status", 400, '{"code":3,"message":"Bad Request","details":[]}'],
    ["GET", "/v1/collections/%ff/status", 400, '{"code":3,"message":"Bad Request","details":[]}'],
  ])("%s %s is %i", async (method, path, status, body) => {
    const { url } = await startBoth();
    await ask(`${url}/v1/collections`, { method: "POST", body: '{"name":"docs","dimension":2}' });
    expect(await ask(url + path, { method })).toMatchObject({ status, body });
  });

  it("HEAD has the status alone", async () => {
    const { url } = await startBoth();
    expect(await ask(`${url}/v1/collections`, { method: "HEAD" })).toMatchObject({ status: 501, body: "" });
  });

  it("a path with the server's address in front is the same path", async () => {
    const { url } = await startBoth();
    const answer = await sendRaw(
      url,
      "GET http://other:1/v1/collections?x HTTP/1.1\r\nHost: other:1\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\n\r\n{"collections":\[\]}$/);
  });
});

describe("a failure of the back end", () => {
  const CODES = STATUS_CODES.filter((code) => code !== "OK");
  const STATUS = [499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

  it.each(CODES.map((code, i) => [code, STATUS[i]!] as const))("%s is %i", async (code, status) => {
    const { url } = await startHttp(new ScriptedTransport([fail(code, { message: 'so "it" is\n\u20ac.' })]));
    const answer = await ask(`${url}/v1/collections`);
    expect(answer.status).toBe(status);
    expect(answer.body).toBe(
      `{"code":${statusCodeToNumber(code)},"message":"so \\"it\\" is\\n\u20ac.","details":[]}`,
    );
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? 'so "it" is  .' : null);
  });

  it("that is no status is INTERNAL", async () => {
    const { url } = await startHttp(new ScriptedTransport([crash(new Error("a bug"))]));
    const answer = { status: 500, body: '{"code":13,"message":"a bug","details":[]}' };
    expect(await ask(`${url}/v1/collections`)).toMatchObject(answer);
  });

  it("has its metadata in headers, and so has a success", async () => {
    const metadata = {
      "retry-after": "7",
      "x-request-id": "r-1",
      "grpc-retry-pushback-ms": "70",
      "x-worker": "w",
    };
    const backend = new ScriptedTransport([
      fail("UNAVAILABLE", { metadata }),
      reply({ collections: [] }, { metadata }),
    ]);
    const { url } = await startHttp(backend);
    for (const status of [503, 200]) {
      const answer = await ask(`${url}/v1/collections`);
      expect(answer.status).toBe(status);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "retry-after": "7",
        "x-request-id": "r-1",
        "grpc-retry-pushback-ms": "70",
        "grpc-metadata-x-worker": "w",
      });
    }
  });
});

describe("the headers of a request", () => {
  async function headersSeen(headers: Record<string, string>) {
    const backend = new ScriptedTransport([reply()], { keepToken: true });
    const { url } = await startHttp(backend);
    await ask(`${url}/v1/collections`, { headers });
    return backend.calls[0]!;
  }

  it("reach the back end where they are the call's own, and no others do", async () => {
    const { headers } = await headersSeen({
      Authorization: "Bearer a",
      "X-Request-Id": "r-1",
      Traceparent: "00-1",
      Tracestate: "t=1",
      Baggage: "b=1",
      "Grpc-Metadata-Foo": "bar",
      "Grpc-Metadata-Authorization": "Bearer b",
      "X-API-Key": "secret",
      Cookie: "session=1",
      "User-Agent": "me",
    });
    expect(headers).toEqual({
      authorization: "Bearer a",
      "x-request-id": "r-1",
      traceparent: "00-1",
      tracestate: "t=1",
      baggage: "b=1",
      foo: "bar",
    });
  });

  it.each([
    ["10S", 10_000],
    ["2M", 120_000],
    ["1H", 3_600_000],
    ["60000m", 60_000],
    ["90000000u", 90_000],
    ["99999999999n", 100_000],
    ["99999999H", 99_999_999 * 3_600_000],
  ])("set the deadline: %s", async (timeout, expectedMs) => {
    const before = Date.now();
    const { deadline } = await headersSeen({ "Grpc-Timeout": timeout });
    expect(deadline).toBeGreaterThanOrEqual(before + expectedMs - 1);
    expect(deadline).toBeLessThanOrEqual(Date.now() + expectedMs);
  });

  it("set none by default", async () => {
    expect((await headersSeen({})).deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(["", "10", "S", "-1S", "1.5S", "10s", "1 S", "10S, 5S"])(
    "refused as a timeout: %j",
    async (timeout) => {
      const backend = new ScriptedTransport([]);
      const { url } = await startHttp(backend);
      const answer = await ask(`${url}/v1/collections`, { headers: { "Grpc-Timeout": timeout } });
      const body = `{"code":3,"message":"invalid grpc-timeout: ${timeout}","details":[]}`;
      expect(answer).toMatchObject({ status: 400, body });
      expect(backend.calls).toHaveLength(0);
    },
  );
});

describe("a deadline that passes", () => {
  it("ends the call, here and in the back end", async () => {
    const backend = new ScriptedTransport([hang()]);
    const { url } = await startHttp(backend);
    const answer = await ask(`${url}/v1/collections`, { headers: { "Grpc-Timeout": "50m" } });
    expect(answer).toMatchObject({
      status: 504,
      body: '{"code":4,"message":"context deadline exceeded","details":[]}',
    });
    expect(backend.calls[0]!.outcome).toBe("aborted");
  });

  it("before the call does not reach the engine", async () => {
    const { url } = await startBoth();
    const answer = await ask(`${url}/v1/collections`, { headers: { "Grpc-Timeout": "0S" } });
    expect(answer.status).toBe(504);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 4 });
  });
});

describe("authentication over HTTP", () => {
  const REFUSALS: [what: string, headers: Record<string, string>, text: string][] = [
    ["no header", {}, "missing Authorization header"],
    ["the prefix alone", { Authorization: "Bearer" }, "invalid Authorization format"],
    ["another token", { Authorization: "Bearer wrong" }, "invalid or expired token"],
    ["another header", { "X-API-Key": "secret" }, "missing Authorization header"],
  ];

  it.each(REFUSALS)("refuses %s, before the body is read", async (_what, headers, text) => {
    const { url } = await startBoth({ apiKey: "secret", maxMessageBytes: 1_000 });
    for (const body of ["{}", "no JSON", "x".repeat(1_000_000)]) {
      const answer = await ask(`${url}/v1/collections`, { method: "POST", body, headers });
      expect(answer).toMatchObject({ status: 401, body: `{"code":16,"message":"${text}","details":[]}` });
      expect(answer.headers.get("www-authenticate")).toBe(text);
    }
  });

  it.each([
    ["Authorization", "Bearer secret"],
    ["Authorization", "secret"],
    ["Grpc-Metadata-Authorization", "Bearer secret"],
  ])("accepts %s: %s", async (name, value) => {
    const { url } = await startBoth({ apiKey: "secret" });
    expect((await ask(`${url}/v1/collections`, { headers: { [name]: value } })).status).toBe(200);
  });

  it("is not asked where there is no call", async () => {
    const { url } = await startBoth({ apiKey: "secret" });
    expect((await ask(`${url}/nope`)).status).toBe(404);
    expect((await ask(`${url}/v1/collections`, { method: "DELETE" })).status).toBe(501);
  });
});

it("the rate limit counts the calls of both sides", async () => {
  const { server, url } = await startBoth({ rateLimit: 3 });
  const client = new RawClient(server.grpcAddress);
  onTestFinished(() => client.close());
  // The second of the limit's window does not pass.
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  await client.unary(rpc.listCollections, {});
  expect((await ask(`${url}/v1/collections`)).status).toBe(200);
  await client.unary(rpc.listCollections, {});
  expect(await ask(`${url}/v1/collections`)).toMatchObject({
    status: 429,
    body: '{"code":8,"message":"rate limit of 3 RPS exceeded","details":[]}',
  });
  await expectFailure(
    client.unary(rpc.listCollections, {}),
    "RESOURCE_EXHAUSTED",
    "rate limit of 3 RPS exceeded",
  );
});

describe("strictParity over HTTP", () => {
  it("has the codes of a stock server", async () => {
    const { url } = await startBoth({ strictParity: true }, QUICK_PARITY);
    const create = { method: "POST", body: '{"name":"docs","dimension":2}' };
    await ask(`${url}/v1/collections`, create);
    expect(await ask(`${url}/v1/collections`, create)).toMatchObject({
      status: 500,
      body: '{"code":13,"message":"FSM failed to create collection","details":[]}',
    });
    expect(await ask(`${url}/v1/collections/nope/points/a`)).toMatchObject({
      status: 500,
      body: `{"code":13,"message":"could not get worker for collection \\"nope\\": rpc error: code = NotFound desc = collection 'nope' not found","details":[]}`,
    });
  });

  it("fails reads without Grpc-Timeout", async () => {
    const { url } = await startBoth({ strictParity: true }, QUICK_PARITY);
    await ask(`${url}/v1/collections`, { method: "POST", body: '{"name":"docs","dimension":1}' });
    await ask(`${url}/v1/collections/docs/points`, {
      method: "POST",
      body: '{"points":[{"id":"a","vector":[1]}]}',
    });
    const failed = {
      status: 500,
      body: '{"code":13,"message":"failed to perform GetVector: deadline not set","details":[]}',
    };
    const point = `${url}/v1/collections/docs/points/a`;
    expect(await ask(point)).toMatchObject(failed);
    expect((await ask(point, { headers: { "Grpc-Timeout": "10S" } })).status).toBe(200);
  });

  it("has no health route", async () => {
    const { url } = await startBoth({ strictParity: true }, QUICK_PARITY);
    expect((await ask(`${url}/healthz`)).status).toBe(404);
  });
});

it("the health route needs no token", async () => {
  const { url } = await startBoth({ apiKey: "secret" });
  expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200, body: "ok\n" });
});
