import { describe, expect, test } from "vitest";
import { VectronClient as ConnectClient, createConnectTransport } from "../src/connect/index.ts";
import { createGrpcWebTransport, VectronClient as GrpcWebClient } from "../src/grpc-web/index.ts";
import { createFetchTransport, type FetchTransportOptions, VectronClient } from "../src/index.ts";
import { createJsonTransport, VectronClient as JsonClient } from "../src/json/index.ts";
import { collect, createClient } from "./support/clients.ts";
import { gatewayReply } from "./support/gateway.ts";
import { startServer } from "./support/http-server.ts";

/** What one search and one stream over a fetch that records its arguments come to, under the given options. */
async function observe(options: Partial<FetchTransportOptions>) {
  const requests: { url: string; init: RequestInit; headers: Headers }[] = [];
  const reply = { results: [{ id: "a", score: 1, payload: { text: "x".repeat(100) }, vector: [] }] };
  const fetch = async (url: string, init: RequestInit) => {
    requests.push({ url, init, headers: new Headers(init.headers) });
    return Response.json(reply);
  };
  const client = createClient({ baseUrl: "https://one.example", fetch, ...options });
  const search = await client.search("docs", { vector: [1] }).catch((error) => error.name as string);
  const stream = await collect(client.searchStream("docs", { vector: [1] })).catch(
    (error) => error.name as string,
  );
  const upsert = await client
    .upsert("docs", [{ id: "a".repeat(200), vector: [1] }])
    .catch((error) => error.name);
  return { request: requests[0], search, stream, upsert };
}

type Observed = Awaited<ReturnType<typeof observe>>;

interface Case {
  readonly value: unknown;
  readonly effect: (observed: Observed) => unknown;
  readonly withDefault: unknown;
  readonly withValue: unknown;
}

const answeringFetch = async () => Response.json({ results: [] });

const CASES: Readonly<Record<keyof FetchTransportOptions, Case>> = {
  baseUrl: {
    value: "https://two.example/api",
    effect: ({ request }) => request?.url,
    withDefault: "https://one.example/v1/collections/docs/points/search",
    withValue: "https://two.example/api/v1/collections/docs/points/search",
  },
  protocol: {
    value: "connect",
    effect: ({ request }) => request?.url,
    withDefault: "https://one.example/v1/collections/docs/points/search",
    withValue: "https://one.example/vectron.v1.VectronService/Search",
  },
  fetch: {
    value: answeringFetch,
    effect: ({ search }) => search.length,
    withDefault: 1,
    withValue: 0,
  },
  credentials: {
    value: "include",
    effect: ({ request }) => request?.init.credentials,
    withDefault: "omit",
    withValue: "include",
  },
  headers: {
    value: { "X-Tenant": "t" },
    effect: ({ request }) => request?.headers.get("x-tenant"),
    withDefault: null,
    withValue: "t",
  },
  userAgent: {
    value: "app/1.2",
    effect: ({ request }) => request?.headers.get("user-agent"),
    withDefault: null,
    withValue: "app/1.2",
  },
  sendExtraHeaders: {
    value: false,
    effect: ({ request }) => request?.headers.has("x-request-id"),
    withDefault: true,
    withValue: false,
  },
  sendTimeoutHeader: {
    value: false,
    effect: ({ request }) => request?.headers.has("grpc-timeout"),
    withDefault: true,
    withValue: false,
  },
  streamFallback: {
    value: true,
    effect: ({ stream }) => stream.length,
    withDefault: "UnimplementedError".length,
    withValue: 1,
  },
  maxSendBytes: {
    value: 100,
    effect: ({ upsert }) => upsert,
    withDefault: 0,
    withValue: "ResourceExhaustedError",
  },
  maxReceiveBytes: {
    value: 100,
    effect: ({ search }) => typeof search,
    withDefault: "object",
    withValue: "string",
  },
};

describe.each(Object.entries(CASES))("%s", (name, { value, effect, withDefault, withValue }) => {
  test("has an effect", async () => {
    expect(effect(await observe({}))).toEqual(withDefault);
    expect(effect(await observe({ [name]: value }))).toEqual(withValue);
  });

  test("undefined means the default", async () => {
    const base = { baseUrl: "https://one.example" };
    if (name !== "baseUrl" && name !== "fetch") {
      expect(effect(await observe({ ...base, [name]: undefined }))).toEqual(withDefault);
    }
  });
});

const REFUSED: readonly [options: object, message: RegExp][] = [
  [{ baseUrl: undefined }, /^baseUrl must be an absolute http or https URL such as .*, got undefined/],
  [{ baseUrl: "" }, /^baseUrl must be/],
  [{ baseUrl: "/api" }, /^baseUrl must be an absolute/],
  [{ baseUrl: "vectors.example.com" }, /^baseUrl must be an absolute/],
  [{ baseUrl: "localhost:8080" }, /^baseUrl must be an absolute http/],
  [{ baseUrl: "ftp://vectors.example.com" }, /^baseUrl must be an absolute http/],
  [{ baseUrl: new URL("https://vectors.example.com") }, /^baseUrl must be an absolute http.*got an object/],
  [{ baseUrl: "https://a.example?x=1" }, /^baseUrl must be a URL without a query and a fragment/],
  [{ baseUrl: "https://a.example#x" }, /^baseUrl must be a URL without a query and a fragment/],
  [{ baseUrl: "https://me:pass@a.example" }, /^baseUrl must not hold a user name or password/],
  [{ protocol: "grpc" }, /^protocol must be one of "json", "grpc-web", "connect", got "grpc"/],
  [{ fetch: "fetch" }, /^fetch must be a function/],
  [{ credentials: true }, /^credentials must be one of "omit", "same-origin", "include", got true/],
  [{ headers: [] }, /^headers must be an object, got an array/],
  [{ headers: { "a b": "c" } }, /^headers has a name that no header can have: "a b"/],
  [{ headers: { Authorization: "Bearer secret" } }, /^headers may not set "authorization"/],
  [{ headers: { "grpc-timeout": "1S" } }, /^headers may not set "grpc-timeout"/],
  [{ headers: { "x-a": "secret\n" } }, /^headers\["x-a"\] must be a string of printable ASCII/],
  [{ userAgent: "ü" }, /^userAgent must be a non-empty string of printable ASCII/],
  [{ sendExtraHeaders: 1 }, /^sendExtraHeaders must be true or false, got 1/],
  [{ sendTimeoutHeader: "yes" }, /^sendTimeoutHeader must be true or false, got "yes"/],
  [{ streamFallback: null }, /^streamFallback must be true or false, got null/],
  [{ maxSendBytes: 0 }, /^maxSendBytes must be an integer from 1 to 4294967295, got 0/],
  [{ maxReceiveBytes: 1.5 }, /^maxReceiveBytes must be an integer from 1/],
  [{ maxReceiveBytes: Number.POSITIVE_INFINITY }, /^maxReceiveBytes must be an integer from 1/],
  [{ host: "localhost" }, /^options has no option "host"; it has .*baseUrl/],
];

describe("what is refused by name", () => {
  test.each(REFUSED)("%j", (options, message) => {
    const all = { baseUrl: "https://one.example", ...options } as FetchTransportOptions;
    for (const construct of [() => new VectronClient(all), () => createFetchTransport(all)]) {
      expect(construct).toThrow(expect.objectContaining({ name: "InvalidArgumentError" }));
      expect(construct).toThrow(message);
      expect(construct).not.toThrow(/secret|pass@/);
    }
  });

  test("options that are none", () => {
    expect(() => createFetchTransport("https://one.example" as never)).toThrow(/^options must be an object/);
    expect(() => createJsonTransport(undefined as never)).toThrow(/^options must be an object/);
    expect(() => createConnectTransport(null as never)).toThrow(/^options must be an object/);
  });

  test.each(["sendTimeoutHeader", "streamFallback"])("%s, with a protocol that has no use for it", (name) => {
    const options = { baseUrl: "https://one.example", [name]: true };
    for (const construct of [
      () => createFetchTransport({ ...options, protocol: "connect" }),
      () => createGrpcWebTransport(options),
      () => new GrpcWebClient(options),
      () => new ConnectClient(options),
    ]) {
      expect(construct).toThrow(new RegExp(`no option "${name}"`));
    }
    expect(() => new JsonClient(options)).not.toThrow();
  });

  test("protocol, in an entry that has one only", () => {
    const options = { baseUrl: "https://one.example", protocol: "json" };
    for (const Client of [JsonClient, GrpcWebClient, ConnectClient]) {
      expect(() => new Client(options)).toThrow(/no option "protocol"/);
    }
  });
});

describe("baseUrl", () => {
  test.each([
    ["https://a.example", "https://a.example", false],
    ["https://a.example/", "https://a.example", false],
    ["HTTPS://A.example:443/api//", "https://a.example/api", false],
    ["http://a.example/x/y/", "http://a.example/x/y", true],
    ["http://10.0.0.1:8080", "http://10.0.0.1:8080", true],
    ["http://localhost:8080", "http://localhost:8080", false],
    ["http://app.localhost", "http://app.localhost", false],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080", false],
    ["http://127.1", "http://127.0.0.1", false],
    ["http://[::1]:8080", "http://[::1]:8080", false],
    ["http://localhost.example", "http://localhost.example", true],
    ["http://127.example", "http://127.example", true],
  ])("%s leads to %s, in clear text to another machine: %s", (baseUrl, endpoint, insecure) => {
    for (const create of [createJsonTransport, createGrpcWebTransport, createConnectTransport]) {
      expect(create({ baseUrl }).capabilities).toMatchObject({ endpoint, insecure });
    }
  });

  test("of a token in clear text, the logger hears once, when it is first sent", async () => {
    const warnings: string[] = [];
    const options = {
      logger: { warn: (message: string) => void warnings.push(message) },
      fetch: async () => Response.json({ collections: [] }),
    };
    const client = new VectronClient({ baseUrl: "http://a.example", apiKey: "t", ...options });
    expect(warnings).toEqual([]);
    await client.listCollections();
    await client.listCollections();
    await new VectronClient({ baseUrl: "https://a.example", apiKey: "t", ...options }).listCollections();
    await new VectronClient({ baseUrl: "http://a.example", ...options }).listCollections();
    expect(warnings).toEqual([expect.stringMatching(/clear text/)]);
  });
});

describe("capabilities", () => {
  const MIB = 1024 * 1024;
  test.each([
    [createJsonTransport, { name: "http-json", streaming: false, maxSendBytes: 64 * MIB }],
    [createGrpcWebTransport, { name: "grpc-web", streaming: true, maxSendBytes: 256 * MIB }],
    [createConnectTransport, { name: "connect", streaming: true, maxSendBytes: 256 * MIB }],
  ])("%o", (create, expected) => {
    expect(create({ baseUrl: "https://a.example" }).capabilities).toMatchObject({
      ...expected,
      maxReceiveBytes: 256 * MIB,
    });
  });

  test("streaming is what streamFallback says", () => {
    expect(
      createJsonTransport({ baseUrl: "https://a.example", streamFallback: true }).capabilities.streaming,
    ).toBe(true);
  });
});

test("a fetch is called as a function, not as a method", async () => {
  let receiver: unknown = "not called";
  const client = createClient({
    baseUrl: "https://a.example",
    async fetch(this: unknown) {
      receiver = this;
      return Response.json({ collections: [] });
    },
  });
  await client.listCollections();
  expect(receiver).toBeUndefined();
});

test("constructing a client sends nothing, and its closing ends it", async () => {
  const server = await startServer(gatewayReply({}));
  const client = new VectronClient({ baseUrl: server.url, apiKey: "t" });
  await client.close();
  await expect(client.listCollections()).rejects.toMatchObject({ name: "CancelledError" });
  expect(server.received).toEqual([]);
});
