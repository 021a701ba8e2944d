import { InvalidArgumentError } from "@vectron/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createAuthority, issue, serverCredentials } from "./support/certificates.ts";
import { createTransport, unaryCall } from "./support/client.ts";
import { startConnectProxy } from "./support/connect-proxy.ts";
import { startServer } from "./support/server.ts";

const ENVIRONMENT = ["grpc_proxy", "https_proxy", "http_proxy", "no_grpc_proxy", "no_proxy"];

// grpc-js prints what goes wrong with a proxy.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

beforeEach(() => {
  for (const name of ENVIRONMENT) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

test("a proxy is asked for the server, and calls go through it", async () => {
  let host: string | undefined;
  const server = await startServer({
    unary(call, reply) {
      host = call.getHost();
      reply(null, call.request);
    },
  });
  const proxy = await startConnectProxy({ "vectron.example:8081": server.address });
  const transport = createTransport({ host: "vectron.example", proxy: `http://127.0.0.1:${proxy.port}` });
  expect((await transport.unary(unaryCall("x"))).message).toBe("x");
  expect(proxy.requests.map(({ target }) => target)).toEqual(["vectron.example:8081"]);
  expect(proxy.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
  expect(host).toBe("vectron.example:8081");
});

test("a proxy gets its credentials, decoded", async () => {
  const server = await startServer();
  const proxy = await startConnectProxy();
  const transport = createTransport({
    host: server.address,
    proxy: `http://me:p%40ss%3A@127.0.0.1:${proxy.port}`,
  });
  await transport.unary(unaryCall("x"));
  const expected = `Basic ${Buffer.from("me:p@ss:").toString("base64")}`;
  expect(proxy.requests[0]?.headers["proxy-authorization"]).toBe(expected);
  expect(JSON.stringify(transport.capabilities)).not.toContain("p@ss");
});

test("TLS through a proxy is with the server", async () => {
  const authority = await createAuthority("Test CA");
  const server = await startServer({
    credentials: serverCredentials(await issue(authority, { dns: ["vectron.example"] })),
  });
  const proxy = await startConnectProxy({ "vectron.example:443": server.address });
  const transport = createTransport({
    host: "vectron.example:443",
    proxy: `http://127.0.0.1:${proxy.port}`,
    tls: { rootCertificates: authority.certificate },
  });
  expect((await transport.unary(unaryCall("x"))).message).toBe("x");
});

test("a proxy that refuses is named as the reason", async () => {
  const proxy = await startConnectProxy({}, 407);
  const transport = createTransport({ host: "vectron.example", proxy: `http://127.0.0.1:${proxy.port}` });
  await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: "No connection to vectron.example:8081: the proxy did not open one",
    requestSent: "no",
  });
});

describe("the environment's proxy", () => {
  test.each(["http_proxy", "https_proxy", "grpc_proxy"])("%s is not used for loopback", async (variable) => {
    const server = await startServer();
    const proxy = await startConnectProxy();
    vi.stubEnv(variable, `http://127.0.0.1:${proxy.port}`);
    for (const host of [server.address, `localhost:${server.port}`]) {
      expect((await createTransport({ host }).unary(unaryCall("x"))).message).toBe("x");
    }
    expect(proxy.requests).toEqual([]);
  });

  test("is used for other hosts", async () => {
    const server = await startServer();
    const proxy = await startConnectProxy({ "vectron.example:8081": server.address });
    vi.stubEnv("http_proxy", `http://127.0.0.1:${proxy.port}`);
    expect((await createTransport({ host: "vectron.example" }).unary(unaryCall("x"))).message).toBe("x");
    expect(proxy.requests).toHaveLength(1);
  });

  test("is not used with proxy: false", async () => {
    const proxy = await startConnectProxy();
    vi.stubEnv("http_proxy", `http://127.0.0.1:${proxy.port}`);
    const transport = createTransport({ host: "vectron.invalid", proxy: false });
    await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({
      code: "UNAVAILABLE",
      requestSent: "no",
    });
    expect(proxy.requests).toEqual([]);
  });

  test("gives way to the option", async () => {
    const server = await startServer();
    const [chosen, ambient] = [
      await startConnectProxy({ "vectron.example:8081": server.address }),
      await startConnectProxy(),
    ];
    vi.stubEnv("http_proxy", `http://127.0.0.1:${ambient.port}`);
    const transport = createTransport({ host: "vectron.example", proxy: `http://127.0.0.1:${chosen.port}` });
    await transport.unary(unaryCall("x"));
    expect([chosen.requests.length, ambient.requests.length]).toEqual([1, 0]);
  });
});

describe("wrong proxies are refused at once, without showing a password", () => {
  test.each<[unknown, string]>([
    ["https://me:hush@proxy.example:3128", "vectron.example"],
    ["socks5://me:hush@proxy.example", "vectron.example"],
    ["proxy.example:3128", "vectron.example"],
    ["http://me:hush@proxy.example/path", "vectron.example"],
    ["http://me:hush@proxy.example?query", "vectron.example"],
    ["http://me:hush%E0@proxy.example", "vectron.example"],
    ["", "vectron.example"],
    [true, "vectron.example"],
    [7, "vectron.example"],
    ["http://me:hush@proxy.example", "unix:/run/vectron.sock"],
    ["http://me:hush@proxy.example", "[::1]:8081"],
  ])("%s for %s", (proxy, host) => {
    const create = () => createTransport({ host, proxy: proxy as string });
    expect(create).toThrow(InvalidArgumentError);
    expect(create).toThrow(/^proxy must/);
    expect(create).not.toThrow(/hush/);
  });
});
