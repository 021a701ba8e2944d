import { refusedAddress } from "@vectron/fixtures";
import { describe, expect, test } from "vitest";
import { platformFailure } from "../src/http/platform-error.ts";
import type { VectronClient } from "../src/index.ts";
import { createClient } from "./support/clients.ts";
import { gatewayError, gatewayReply, plainAnswer } from "./support/gateway.ts";
import { type Answer, startServer } from "./support/http-server.ts";

type Call = (client: VectronClient) => Promise<unknown>;

const search: Call = (client) => client.search("docs", { vector: [1] });
const get: Call = (client) => client.get("docs", "a");

interface Case {
  readonly answer: Answer;
  readonly call?: Call;
  /** Fields of the error. */
  readonly error: object;
}

const says = (pattern: RegExp) => expect.stringMatching(pattern);
const sent = (requestSent: string) => ({ attempts: [expect.objectContaining({ requestSent })] });

const WRAPPED_NOT_FOUND =
  "could not list workers for collection \"docs\": rpc error: code = NotFound desc = collection 'docs' not found";
const HTML =
  "<html><head><title>502</title><style>p{}</style></head><body><h1>502 Bad Gateway</h1>nginx</body></html>";

/** What a stock gateway answers. */
const GATEWAY: Readonly<Record<string, Case>> = {
  "a missing collection, wrapped in INTERNAL": {
    answer: gatewayError(13, WRAPPED_NOT_FOUND),
    error: { name: "NotFoundError", message: says(/^collection 'docs' not found/), ...sent("yes") },
  },
  "a missing point": {
    call: get,
    answer: gatewayError(5, "vector with id a not found"),
    error: { name: "NotFoundError", message: says(/^vector with id a not found/) },
  },
  "a token that is refused": {
    answer: gatewayError(16, "invalid or expired token"),
    error: {
      name: "AuthenticationError",
      message: says(/^invalid or expired token/),
      metadata: expect.objectContaining({ "www-authenticate": "invalid or expired token" }),
    },
  },
  "a deadline that the gateway did not get": {
    call: get,
    answer: gatewayError(13, "failed to perform GetVector: deadline not set"),
    error: { name: "FailedPreconditionError", message: says(/Grpc-Timeout.*sendTimeoutHeader: true/s) },
  },
  "a rate limit": {
    answer: gatewayError(8, "rate limit of 100 RPS exceeded", { "Retry-After": "2" }),
    error: { name: "ResourceExhaustedError", retryable: true, retryAfterMs: 2_000 },
  },
  "a rate limit, pushed back in gRPC's way": {
    answer: gatewayError(8, "rate limit of 100 RPS exceeded", {
      "Grpc-Metadata-Grpc-Retry-Pushback-Ms": "700",
    }),
    error: { name: "ResourceExhaustedError", retryAfterMs: 700 },
  },
  "a message that is too large": {
    answer: gatewayError(8, "grpc: received message larger than max (268435457 vs. 268435456)"),
    error: { name: "ResourceExhaustedError", retryable: false },
  },
  "a wrong argument": {
    answer: gatewayError(3, "search vector dimension 3 does not match index dimension 4"),
    error: { name: "InvalidArgumentError" },
  },
  "a failed precondition, under the same HTTP status": {
    answer: gatewayError(9, "get not supported on search-only worker"),
    error: { name: "FailedPreconditionError" },
  },
  "a deadline that passed on the server": {
    answer: gatewayError(4, "context deadline exceeded"),
    error: { name: "DeadlineExceededError" },
  },
  "a method that the path does not have": {
    answer: gatewayError(12, "Method Not Allowed"),
    error: { name: "UnimplementedError", message: says(/^Method Not Allowed/) },
  },
  "a path that it does not know, which is no missing point": {
    call: get,
    answer: gatewayError(5, "Not Found"),
    error: { name: "UnimplementedError", message: says(/HTTP 404 .*check baseUrl/) },
  },
  "a code that is none": {
    answer: (response) => {
      response.writeHead(503, { "Content-Type": "application/json" });
      response.end('{"code":77,"message":"?"}');
    },
    error: { name: "UnavailableError", message: says(/HTTP 503/) },
  },
};

/** What stands in front of a gateway answers, or in its place. */
const PROXY: Readonly<Record<string, Case>> = {
  "an HTML page of a proxy without an upstream": {
    answer: plainAnswer(502, "text/html", HTML),
    error: {
      name: "UnavailableError",
      message: says(/answered HTTP 502 with text\/html: 502 502 Bad Gateway nginx \[/),
      retryable: true,
      ...sent("unknown"),
    },
  },
  "a proxy's page of many kilobytes": {
    answer: plainAnswer(502, "text/html", `${HTML}<img src="data:image/png;base64,${"A".repeat(200_000)}">`),
    error: {
      name: "UnavailableError",
      message: says(/answered HTTP 502 with text\/html: 502 502 Bad Gateway nginx \[/),
    },
  },
  "503 with a pause": {
    answer: plainAnswer(503, "text/plain", "draining", { "Retry-After": "0.5" }),
    error: {
      name: "UnavailableError",
      message: says(/HTTP 503 with text\/plain: draining/),
      retryAfterMs: 500,
    },
  },
  "504": { answer: plainAnswer(504, "text/html", HTML), error: { name: "DeadlineExceededError" } },
  "500 without a body": {
    answer: plainAnswer(500, undefined, ""),
    error: { name: "InternalServerError", message: says(/HTTP 500 with no content type: no text/) },
  },
  "401 of its own": {
    answer: plainAnswer(401, "text/html", HTML),
    error: { name: "AuthenticationError", message: says(/HTTP 401/) },
  },
  "403 of its own": { answer: plainAnswer(403, "text/html", HTML), error: { name: "PermissionDeniedError" } },
  "404 of a page server": {
    call: get,
    answer: plainAnswer(404, "text/html", HTML),
    error: { name: "UnimplementedError", message: says(/HTTP 404 .*no Vectron gateway; check baseUrl/) },
  },
  "405": { answer: plainAnswer(405, "text/html", HTML), error: { name: "UnimplementedError" } },
  "408": { answer: plainAnswer(408, undefined, ""), error: { name: "DeadlineExceededError" } },
  "413": {
    answer: plainAnswer(413, "text/html", "<h1>slow down, rate limit</h1>"),
    error: { name: "ResourceExhaustedError", message: says(/the request is too large/), retryable: false },
  },
  "429, whatever its page says": {
    answer: plainAnswer(429, "text/html", "<h1>exceeds the limit: too large</h1>"),
    error: { name: "ResourceExhaustedError", message: says(/too many requests/), retryable: true },
  },
  "a status of its own making": {
    answer: plainAnswer(522, "text/html", HTML),
    error: { name: "UnavailableError" },
  },
  "an unexplained refusal": { answer: plainAnswer(418, undefined, ""), error: { name: "UnknownError" } },
  "a redirect": {
    answer: plainAnswer(302, undefined, "", { Location: "https://login.example.com/" }),
    error: { name: "UnimplementedError", message: says(/redirects to https:\/\/login\.example\.com\//) },
  },
};

/** Successes that are none. */
const MALFORMED: Readonly<Record<string, Case>> = {
  "truncated JSON": {
    answer: plainAnswer(200, "application/json", '{"results":[{"id":"a"'),
    error: {
      name: "InternalServerError",
      message: says(/cannot be decoded: .*not valid JSON/),
      ...sent("yes"),
    },
  },
  "an empty body": {
    answer: plainAnswer(200, "application/json", ""),
    error: { name: "InternalServerError", message: says(/is empty/) },
  },
  "a page, as of a server of a single-page application": {
    answer: plainAnswer(200, "text/html; charset=utf-8", "<!doctype html><h1>My app</h1>"),
    error: { name: "InternalServerError", message: says(/HTTP 200 with text\/html; charset=utf-8: My app/) },
  },
  "no content type": {
    answer: plainAnswer(200, undefined, '{"results":[]}'),
    error: { name: "InternalServerError", message: says(/HTTP 200 with no content type/) },
  },
  "JSON of another kind": {
    answer: gatewayReply({ results: [{ id: 7 }] }),
    error: { name: "InternalServerError", message: says(/results\[0\]\.id: expected a string/) },
  },
};

describe.each([
  ["a stock gateway", GATEWAY],
  ["a proxy", PROXY],
  ["a malformed success", MALFORMED],
] as const)("%s", (_, cases) => {
  test.each(Object.entries(cases))("%s", async (_name, { answer, call = search, error }) => {
    const server = await startServer(answer);
    const client = createClient({ baseUrl: server.url, apiKey: "secret" });
    await expect(call(client)).rejects.toMatchObject(error);
    expect(server.received).toHaveLength(1);
  });
});

describe("no answer", () => {
  test("from a port where nobody listens: nothing was sent, and the chain of causes ends at the system's error", async () => {
    const baseUrl = `http://${await refusedAddress()}`;
    const error = await search(createClient({ baseUrl })).catch((reason) => reason);
    expect(error).toMatchObject({
      name: "UnavailableError",
      message: says(/^no answer from http:\/\/127.*ECONNREFUSED/),
      cause: { name: "TypeError", cause: { code: "ECONNREFUSED" } },
      ...sent("no"),
    });
  });

  test("from a host that does not exist: nothing was sent", async () => {
    const client = createClient({ baseUrl: "http://nobody.invalid" });
    await expect(search(client)).rejects.toMatchObject({ name: "UnavailableError", ...sent("no") });
  });

  test("from a server that closes the connection: it may have been sent", async () => {
    const server = await startServer((response) => response.destroy());
    const client = createClient({ baseUrl: server.url });
    await expect(search(client)).rejects.toMatchObject({ name: "UnavailableError", ...sent("unknown") });
  });

  test("from an error that is among its own causes", () => {
    const error = new Error("no luck");
    error.cause = new Error("nor here", { cause: error });
    expect(platformFailure(error, "no answer", { requestSent: "unknown" })).toMatchObject({
      code: "UNAVAILABLE",
      message: says(/^no answer: no/),
    });
  });

  test.each([
    ["TimeoutError", "DeadlineExceededError"],
    ["AbortError", "CancelledError"],
    ["TypeError", "UnavailableError"],
  ])("from a fetch that fails with a %s: %s", async (name, expected) => {
    const reason = Object.assign(new Error("no luck"), { name });
    const client = createClient({ baseUrl: "http://localhost", fetch: () => Promise.reject(reason) });
    await expect(search(client)).rejects.toMatchObject({
      name: expected,
      cause: reason,
      message: says(/no luck/),
    });
  });
});

test("a reply is read whole where the platform has no streams of bodies, as in React Native", async () => {
  const fetch = async (): Promise<Response> => {
    const response = Response.json({ collections: ["docs"] });
    return new Proxy(response, {
      get(target, name) {
        const value = name === "body" ? undefined : Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  const client = createClient({ baseUrl: "http://localhost", fetch });
  expect(await client.listCollections()).toEqual(["docs"]);
});

describe("a reply that breaks off", () => {
  test("is no answer, and the server had the request", async () => {
    const server = await startServer((response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
      response.write('{"results":[', () => response.destroy());
    });
    const client = createClient({ baseUrl: server.url });
    await expect(search(client)).rejects.toMatchObject({
      name: "UnavailableError",
      message: says(/the reply from http:.* broke off/),
      ...sent("yes"),
    });
  });
});

describe("a reply over maxReceiveBytes", () => {
  const long = JSON.stringify({ results: [{ id: "x".repeat(2_000) }] });

  test.each<[string, Answer]>([
    ["announced", plainAnswer(200, "application/json", long, { "Content-Length": `${long.length}` })],
    [
      "unannounced, and without end",
      (response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.write(long);
      },
    ],
  ])("%s", async (_, answer) => {
    const server = await startServer(answer);
    const client = createClient({ baseUrl: server.url, maxReceiveBytes: 1_000 });
    await expect(search(client)).rejects.toMatchObject({
      name: "ResourceExhaustedError",
      message: says(/larger than maxReceiveBytes, which is 1000/),
      retryable: false,
    });
  });

  test("is read when it has exactly that many", async () => {
    const server = await startServer(plainAnswer(200, "application/json", long));
    const client = createClient({ baseUrl: server.url, maxReceiveBytes: long.length });
    expect(await search(client)).toHaveLength(1);
  });
});

describe("with retries", () => {
  test("a proxy's 502 passes, and the errors of the attempts are told apart", async () => {
    const server = await startServer(plainAnswer(502, "text/html", HTML), gatewayReply({ results: [] }));
    const client = createClient({ baseUrl: server.url, retry: { maxAttempts: 3, initialDelayMs: 1 } });
    const codes: string[] = [];
    await client.search(
      "docs",
      { vector: [1] },
      { onResponse: ({ attempts }) => codes.push(...attempts.map(({ code }) => code)) },
    );
    expect(codes).toEqual(["UNAVAILABLE", "OK"]);
  });

  test("a write whose reply was lost is sent once", async () => {
    const server = await startServer((response) => response.destroy());
    const client = createClient({ baseUrl: server.url, retry: { maxAttempts: 3, initialDelayMs: 1 } });
    const feedback = client.submitFeedback({
      collection: "docs",
      items: [{ resultId: "a", relevanceScore: 1 }],
    });
    await expect(feedback).rejects.toMatchObject({ name: "UnavailableError" });
    expect(server.received).toHaveLength(1);
  });
});
