import { describe, expect, it } from "vitest";
import { ask, QUICK_PARITY, sendRaw, startBoth } from "../support/http.ts";

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

it("the health route needs no token", async () => {
  const { url } = await startBoth({ apiKey: "secret" });
  expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200, body: "ok\n" });
});
