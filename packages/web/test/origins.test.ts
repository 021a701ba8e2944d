import { afterEach, describe, expect, test, vi } from "vitest";
import { createClient, PROTOCOLS } from "./support/clients.ts";
import { gatewayReply } from "./support/gateway.ts";
import { type ScriptedServer, startServer } from "./support/http-server.ts";
import { startRpcServer } from "./support/rpc-server.ts";

afterEach(() => vi.unstubAllGlobals());

/** Pretends that the code runs on a page. */
function visit(origin: string): void {
  vi.stubGlobal("location", { origin });
}

/** What Node's fetch adds by itself to every request. */
const OF_THE_PLATFORM = [
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "host",
  "sec-fetch-mode",
  "user-agent",
];

function ownHeaders(server: ScriptedServer): string[] {
  const names = Object.keys(server.received.at(-1)?.headers ?? {});
  return names.filter((name) => !OF_THE_PLATFORM.includes(name)).sort();
}

/** Adds a trace context, as an interceptor of a tracing library does. */
const tracing = {
  interceptors: [
    (next: (call: never) => Promise<never>) => (call: { headers: object }) => {
      const headers = { ...call.headers, traceparent: "00-1-2-01", tracestate: "a=b", baggage: "c=d" };
      return next({ ...call, headers } as never);
    },
  ] as never,
};

const STOCK_ALLOWED = ["accept", "authorization", "content-type"];
const EXTRA = ["baggage", "traceparent", "tracestate", "x-request-id"];

describe("json", () => {
  test("outside of browsers the timeout and the extra headers are sent", async () => {
    const server = await startServer(gatewayReply({ results: [] }));
    await createClient({ baseUrl: server.url, apiKey: "t", ...tracing }).search("docs", { vector: [1] });
    expect(ownHeaders(server)).toEqual([...STOCK_ALLOWED, ...EXTRA, "grpc-timeout"].sort());
  });

  test("on a page of the same origin too", async () => {
    const server = await startServer(gatewayReply({ results: [] }));
    visit(server.url);
    await createClient({ baseUrl: `${server.url}/api`, apiKey: "t" }).search("docs", { vector: [1] });
    expect(ownHeaders(server)).toEqual([...STOCK_ALLOWED, "grpc-timeout", "x-request-id"].sort());
  });

  test("across origins only what a stock gateway allows is sent", async () => {
    const server = await startServer(gatewayReply({ results: [] }));
    visit("https://app.example.com");
    const client = createClient({ baseUrl: server.url, apiKey: "t", userAgent: "app/1", ...tracing });
    await client.search("docs", { vector: [1] });
    expect(ownHeaders(server)).toEqual(STOCK_ALLOWED);
    expect(server.received[0]?.headers["user-agent"]).not.toContain("app/1");
    await client.listCollections().catch(() => {});
    expect(ownHeaders(server)).toEqual(["accept", "authorization"]);
  });

  test("a sandboxed page is of no origin, whatever its address", async () => {
    const server = await startServer(gatewayReply({ results: [] }));
    visit(server.url);
    vi.stubGlobal("origin", "null");
    await createClient({ baseUrl: server.url }).search("docs", { vector: [1] });
    expect(ownHeaders(server)).toEqual(["accept", "content-type"]);
  });

  test("across origins, sendTimeoutHeader and sendExtraHeaders send them all the same", async () => {
    const server = await startServer(gatewayReply({ results: [] }));
    visit("https://app.example.com");
    const options = { sendTimeoutHeader: true, sendExtraHeaders: true, userAgent: "app/1" };
    await createClient({ baseUrl: server.url, ...options }).search("docs", { vector: [1] });
    expect(ownHeaders(server)).toEqual(["accept", "content-type", "grpc-timeout", "x-request-id"]);
    expect(server.received[0]?.headers["user-agent"]).toBe("app/1");
  });

  test("set to false, they are never sent", async () => {
    const server = await startServer(gatewayReply({ results: [] }));
    const options = { sendTimeoutHeader: false, sendExtraHeaders: false };
    await createClient({ baseUrl: server.url, ...options }).search("docs", { vector: [1] });
    expect(ownHeaders(server)).toEqual(["accept", "content-type"]);
  });

  test("headers that the user sets are sent everywhere, those of the call in front", async () => {
    const server = await startServer(gatewayReply({ results: [] }));
    visit("https://app.example.com");
    const client = createClient({ baseUrl: server.url, headers: { "X-API-Key": "a", "x-tenant": "b" } });
    await client.search("docs", { vector: [1] }, { headers: { "x-tenant": "c" } });
    expect(server.received[0]?.headers).toMatchObject({ "x-api-key": "a", "x-tenant": "c" });
  });

  test("across origins a failed fetch says what the browser does not", async () => {
    visit("https://app.example.com");
    const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    const client = createClient({
      baseUrl: "https://vectors.example.com",
      fetch,
      headers: { "x-tenant": "b" },
    });
    await expect(client.listCollections()).rejects.toMatchObject({
      name: "UnavailableError",
      message: expect.stringMatching(
        /allow this page's origin or one of the headers accept, x-tenant\): Failed to fetch/,
      ),
    });
  });

  test("the timeout is what is left of the call's time, in gRPC's notation", async () => {
    const server = await startServer(gatewayReply({ collections: [] }));
    const client = createClient({ baseUrl: server.url });
    await client.listCollections({ timeoutMs: 5_000 });
    await client.listCollections({ timeoutMs: 200_000_000 });
    const [short, long] = server.received.map(({ headers }) => String(headers["grpc-timeout"]));
    expect(short).toMatch(/^\d{4}m$/);
    expect(Number.parseInt(short ?? "", 10)).toBeLessThanOrEqual(5_000);
    expect(long).toBe("200000S");
  });
});

describe.each(PROTOCOLS.filter((protocol) => protocol !== "json"))("%s", (protocol) => {
  test("across origins the extra headers are left out, and the timeout is sent", async () => {
    const seen: Headers[] = [];
    const server = await startRpcServer({
      listCollections: (_, { requestHeader }) => {
        seen.push(requestHeader);
        return { collections: [] };
      },
    });
    const client = createClient({
      baseUrl: server.url,
      protocol,
      apiKey: "t",
      userAgent: "app/1",
      ...tracing,
    });
    await client.listCollections();
    visit("https://app.example.com");
    await client.listCollections();

    const [here, across] = seen;
    expect(EXTRA.filter((name) => here?.has(name))).toEqual(EXTRA);
    expect(here?.get("user-agent")).toBe("app/1");
    expect(EXTRA.filter((name) => across?.has(name))).toEqual([]);
    expect(across?.get("user-agent")).not.toBe("app/1");
    expect(across?.get("authorization")).toBe("Bearer t");
    expect(across?.get(protocol === "connect" ? "connect-timeout-ms" : "grpc-timeout")).toMatch(
      /^\d{4,5}m?$/,
    );
  });
});
