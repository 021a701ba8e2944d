import { InvalidArgumentError } from "@vectron/core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  GRPC_TRANSPORT_OPTION_NAMES,
  type GrpcTransportOptions,
  resolveOptions,
} from "../src/transport-options.ts";
import { createAuthority, type Identity, issue, serverCredentials } from "./support/certificates.ts";
import { createTransport, unaryCall } from "./support/client.ts";
import { startConnectProxy } from "./support/connect-proxy.ts";
import { type Http2Server, startHttp2Server } from "./support/http2-server.ts";
import { startServer } from "./support/server.ts";

let authority: Identity;
let identity: Identity;

beforeAll(async () => {
  authority = await createAuthority("Test CA");
  identity = await issue(authority, { dns: ["localhost"] });
});

/**
 * Each option, set to something else than its default, changes what a server or
 * a caller sees. The pings of the keepalive options come too late for a test:
 * here it is seen what they come to, and in keepalive.test.ts what that does.
 */
const effects = {
  async host() {
    const servers = [await startServer(), await startServer()];
    for (const { address } of servers) await createTransport({ host: address }).unary(unaryCall("x"));
    expect(servers.map(({ received }) => received.length)).toEqual([1, 1]);
  },
  async tls() {
    const server = await startServer({ credentials: serverCredentials(identity) });
    const host = `localhost:${server.port}`;
    await expect(createTransport({ host }).unary(unaryCall("x"))).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
    const tls = { rootCertificates: authority.certificate };
    await createTransport({ host, tls }).unary(unaryCall("x"));
  },
  async proxy() {
    const server = await startServer();
    const proxy = await startConnectProxy();
    await createTransport({ host: server.address }).unary(unaryCall("x"));
    expect(proxy.requests).toHaveLength(0);
    await createTransport({ host: server.address, proxy: `http://127.0.0.1:${proxy.port}` }).unary(
      unaryCall("x"),
    );
    expect(proxy.requests).toHaveLength(1);
  },
  async channels() {
    const server = await startServer();
    const transport = createTransport({ host: server.address, channels: 3 });
    await Promise.all(["a", "b", "c"].map((text) => transport.unary(unaryCall(text))));
    expect(server.connections).toBe(3);
  },
  async compression() {
    const text = "x".repeat(10_000);
    const plain = await requestOn({}, text);
    expect(plain.headers["grpc-encoding"]).toBeUndefined();
    expect(plain.body[0]).toBe(0);
    expect(plain.body.length).toBe(10_005);
    const gzip = await requestOn({ compression: "gzip" }, text);
    expect(gzip.headers["grpc-encoding"]).toBe("gzip");
    expect(gzip.body[0]).toBe(1);
    expect(gzip.body.length).toBeLessThan(200);
  },
  async maxSendBytes() {
    const server = await startServer();
    const transport = createTransport({ host: server.address, maxSendBytes: 10 });
    expect(transport.capabilities.maxSendBytes).toBe(10);
    const call = transport.unary(unaryCall("x".repeat(11)));
    await expect(call).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED", requestSent: "no" });
  },
  async maxReceiveBytes() {
    const server = await startServer();
    const transport = createTransport({ host: server.address, maxReceiveBytes: 10 });
    expect(transport.capabilities.maxReceiveBytes).toBe(10);
    const call = transport.unary(unaryCall("x".repeat(11)));
    await expect(call).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED", requestSent: "yes" });
  },
  async keepaliveTimeMs() {
    expect(resolveOptions({ host: "a" }).keepaliveTimeMs).toBe(30_000);
    expect(resolveOptions({ host: "a", keepaliveTimeMs: 10_000 }).keepaliveTimeMs).toBe(10_000);
  },
  async keepaliveTimeoutMs() {
    expect(resolveOptions({ host: "a" }).keepaliveTimeoutMs).toBe(10_000);
    expect(resolveOptions({ host: "a", keepaliveTimeoutMs: 5 }).keepaliveTimeoutMs).toBe(5);
  },
  async keepalivePermitWithoutCalls() {
    expect(resolveOptions({ host: "a" }).keepalivePermitWithoutCalls).toBe(false);
    const permit = resolveOptions({ host: "a", keepalivePermitWithoutCalls: true });
    expect(permit.keepalivePermitWithoutCalls).toBe(true);
  },
  async userAgent() {
    const usual = await requestOn({}, "x");
    expect(usual.headers["user-agent"]).toMatch(/^vectron-node\/\S+ grpc-node-js\//);
    const named = await requestOn({ userAgent: "my-service/1.2" }, "x");
    expect(named.headers["user-agent"]).toMatch(/^my-service\/1\.2 vectron-node\//);
  },
  async headers() {
    const { headers } = await requestOn({ headers: { "X-Team": "search", "x-both": "of all" } }, "x");
    expect(headers).toMatchObject({ "x-team": "search", "x-both": "of the call" });
  },
} satisfies Record<keyof GrpcTransportOptions, () => Promise<void>>;

describe("an option has its effect", () => {
  test.each(GRPC_TRANSPORT_OPTION_NAMES)("%s", (name) => effects[name]());
});

test("a server reads compressed requests, and the client its compressed replies", async () => {
  const server = await startServer();
  const transport = createTransport({ host: server.address, compression: "gzip" });
  for (const text of ["a".repeat(100_000), ""]) {
    expect((await transport.unary(unaryCall(text))).message).toBe(text);
  }
});

test("an undefined option has its default", () => {
  const undefinedOptions = Object.fromEntries(GRPC_TRANSPORT_OPTION_NAMES.map((name) => [name, undefined]));
  expect(resolveOptions({ ...undefinedOptions, host: "localhost" })).toEqual(
    resolveOptions({ host: "localhost" }),
  );
});

describe("refused at once:", () => {
  test.each<[string, unknown, string]>([
    [
      "keepaliveTimeMs",
      9_999,
      "keepaliveTimeMs must be an integer of at least 10000, since gateways drop clients",
    ],
    ["keepaliveTimeMs", 0, "keepaliveTimeMs must be"],
    ["keepaliveTimeMs", Number.NaN, "keepaliveTimeMs must be"],
    ["keepaliveTimeoutMs", 0, "keepaliveTimeoutMs must be an integer from 1 to 2147483647, got 0"],
    ["keepalivePermitWithoutCalls", 1, "keepalivePermitWithoutCalls must be true or false, got 1"],
    ["maxSendBytes", 0, "maxSendBytes must be an integer from 1 to 4294967295, got 0"],
    ["maxReceiveBytes", -1, "maxReceiveBytes must be an integer from 1 to 4294967295, got -1"],
    ["compression", "zstd", 'compression must be "gzip" or "none", got "zstd"'],
    ["compression", null, 'compression must be "gzip" or "none", got null'],
    ["userAgent", "", 'userAgent must be a non-empty string of printable ASCII characters, got ""'],
    ["userAgent", "a\r\nb", "userAgent must be"],
    ["headers", "x", 'headers must be an object, got "x"'],
    ["headers", { "bad name": "x" }, 'headers has a name that no header can have: "bad name"'],
    ["headers", { good: "hush\n" }, 'headers["good"] must be a string of printable ASCII characters'],
    ["headers", { Authorization: "Bearer hush" }, 'headers may not set "authorization": the client sets it'],
    ["headers", { connection: "close" }, 'headers may not set "connection": the client sets it'],
    ["port", 8081, 'options has no option "port"; it has host, tls, proxy,'],
  ])("%s: %j", (name, value, message) => {
    const create = () => createTransport({ host: "localhost", [name]: value });
    expect(create).toThrow(InvalidArgumentError);
    expect(create).toThrow(message);
    expect(create).not.toThrow(/hush/);
  });

  test.each([undefined, null, "localhost:8081", []])("options: %j", (options) => {
    const create = () => createTransport(options as never);
    expect(create).toThrow(/^options must be an object, got/);
  });
});

/** What a server receives of one call. */
async function requestOn(options: Partial<GrpcTransportOptions>, text: string) {
  const requests: { headers: Record<string, unknown>; body: Buffer }[] = [];
  const server: Http2Server = await startHttp2Server(async (stream, headers) => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    requests.push({ headers, body: Buffer.concat(chunks) });
    stream.respond({ ":status": 200, "grpc-status": "5" }, { endStream: true });
  });
  const transport = createTransport({ ...options, host: server.address });
  const call = transport.unary(unaryCall(text, { headers: { "x-both": "of the call" } }));
  await expect(call).rejects.toMatchObject({ code: "NOT_FOUND" });
  return requests[0] as { headers: Record<string, unknown>; body: Buffer };
}
