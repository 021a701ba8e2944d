import { describe, expect, it } from "vitest";
import { type Answer, ask, QUICK_PARITY, startBoth } from "../support/http.ts";
import { WEB_PROTOCOLS, webClient } from "../support/web.ts";

const STOCK = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS, PATCH",
  "access-control-allow-headers":
    "Accept, Authorization, Content-Type, Content-Length, X-CSRF-Token, X-API-Key",
  "access-control-allow-credentials": "true",
};

const RPC_PATH = "/vectron.v1.VectronService/Search";

function corsOf({ headers }: Answer): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));
}

function namesIn(header: string | undefined): string[] {
  return (header ?? "").toLowerCase().split(", ");
}

describe("OPTIONS", () => {
  it.each(["/v1/collections", "/v1/collections/a/points/b", "/nope", "/", RPC_PATH, "/healthz"])(
    "of %s is 200 without a token",
    async (path) => {
      const { url } = await startBoth({ apiKey: "secret" });
      const answer = await ask(url + path, {
        method: "OPTIONS",
        headers: { Origin: "https://page.example", "Access-Control-Request-Method": "POST" },
      });
      expect(answer).toMatchObject({ status: 200, body: "" });
      expect(corsOf(answer)).toMatchObject({
        "access-control-allow-origin": "*",
        "access-control-allow-methods": STOCK["access-control-allow-methods"],
      });
    },
  );
});

it("the headers are on every answer, errors included", async () => {
  const { url } = await startBoth({ apiKey: "secret" });
  const headers = { Authorization: "secret" };
  const preflight = corsOf(await ask(url, { method: "OPTIONS" }));
  const answers = [
    await ask(`${url}/v1/collections`, { headers }),
    await ask(`${url}/v1/collections`),
    await ask(`${url}/v1/collections`, { method: "PATCH" }),
    await ask(`${url}/nope`),
    await ask(url + RPC_PATH),
    await ask(url + RPC_PATH, { method: "POST", body: "{}" }),
    await ask(url + RPC_PATH, { method: "POST", headers: { "Content-Type": "application/proto" } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 501, 404, 405, 415, 401]);
  for (const answer of answers) expect(corsOf(answer)).toEqual(preflight);
});

it("under strictParity they are those of a stock server, and no others", async () => {
  const { url } = await startBoth({ strictParity: true }, QUICK_PARITY);
  for (const answer of [
    await ask(`${url}/v1/collections`),
    await ask(`${url}/nope`),
    await ask(`${url}/v1/collections`, { method: "OPTIONS" }),
  ]) {
    expect(corsOf(answer)).toEqual(STOCK);
  }
});

/** What a browser lets any page send, with these values (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). */
const ALWAYS_ALLOWED = ["accept"];

describe.each(WEB_PROTOCOLS)("over %s", (protocol) => {
  it("every header that the client sends is allowed, and a stock server's are", async () => {
    const { url } = await startBoth();
    const sent = new Set<string>();
    const client = webClient({
      baseUrl: url,
      apiKey: "secret",
      protocol,
      userAgent: "page/1",
      interceptors: [
        (next) => (call) => {
          Object.assign(call.headers, { traceparent: "00-1", tracestate: "t=1", baggage: "b=1" });
          return next(call);
        },
      ],
      fetch: (input, init) => {
        for (const name of new Headers(init.headers).keys()) sent.add(name);
        return fetch(input, init);
      },
    });
    await client.createCollection({ name: "docs", dimension: 1 });
    await client.search("docs", { vector: [1] });
    const allowed = namesIn(corsOf(await ask(url, { method: "OPTIONS" }))["access-control-allow-headers"]);
    expect([...sent].sort()).toEqual(
      expect.arrayContaining(["authorization", "content-type", "traceparent", "x-request-id"]),
    );
    expect([...sent].filter((name) => !allowed.includes(name) && !ALWAYS_ALLOWED.includes(name))).toEqual([]);
    expect(allowed).toEqual(expect.arrayContaining(namesIn(STOCK["access-control-allow-headers"])));
  });
});

it("what clients read of an answer is exposed", async () => {
  const { url } = await startBoth();
  const { "access-control-expose-headers": exposed } = corsOf(await ask(url, { method: "OPTIONS" }));
  expect(namesIn(exposed)).toEqual(
    expect.arrayContaining([
      "grpc-status",
      "grpc-message",
      "retry-after",
      "grpc-retry-pushback-ms",
      "x-request-id",
    ]),
  );
});
