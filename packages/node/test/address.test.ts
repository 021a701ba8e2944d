import { promises as dns } from "node:dns";
import { mkdtemp, rm } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "@vectron/core";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { parseAddress } from "../src/address.ts";
import { createTransport, unaryCall } from "./support/client.ts";
import { startServer } from "./support/server.ts";

const hasIpv6Loopback = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === "::1");

test.each([
  ["localhost", "dns:localhost:8081", "localhost:8081"],
  ["localhost:9090", "dns:localhost:9090", "localhost:9090"],
  ["LocalHost", "dns:LocalHost:8081", "LocalHost:8081"],
  ["my-svc.ns.svc.cluster.local.:1", "dns:my-svc.ns.svc.cluster.local.:1", "my-svc.ns.svc.cluster.local.:1"],
  ["api_gateway", "dns:api_gateway:8081", "api_gateway:8081"],
  ["3com.example:65535", "dns:3com.example:65535", "3com.example:65535"],
  ["dns:vectron.example", "dns:vectron.example:8081", "vectron.example:8081"],
  ["dns:///vectron.example:443", "dns:vectron.example:443", "vectron.example:443"],
  ["10.0.0.5", "dns:10.0.0.5:8081", "10.0.0.5:8081"],
  ["10.0.0.5:443", "dns:10.0.0.5:443", "10.0.0.5:443"],
  ["::1", "dns:[::1]:8081", "[::1]:8081"],
  ["[::1]", "dns:[::1]:8081", "[::1]:8081"],
  ["[2001:db8::7]:443", "dns:[2001:db8::7]:443", "[2001:db8::7]:443"],
  ["dns:///[2001:db8::7]", "dns:[2001:db8::7]:8081", "[2001:db8::7]:8081"],
  ["unix:/run/vectron.sock", "unix:/run/vectron.sock", "/run/vectron.sock"],
  ["unix:///run/vectron.sock", "unix:/run/vectron.sock", "/run/vectron.sock"],
  ["unix:vectron.sock", "unix:vectron.sock", "vectron.sock"],
])("%s is an address", (host, target, endpoint) => {
  expect(parseAddress(host)).toMatchObject({ target, endpoint });
});

test.each([
  "",
  " ",
  ":8081",
  "localhost:",
  "localhost:0",
  "localhost:65536",
  "localhost:99999999999",
  "localhost:-1",
  "localhost:80 81",
  "localhost:1e3",
  "localhost:0x50",
  "a:b",
  "a:1:2",
  "http://localhost:8081",
  "https://localhost",
  "grpc://localhost",
  "localhost:8081/",
  "localhost/path",
  "me@localhost",
  "me:secret@localhost:1",
  "a b",
  "a..b",
  "-a",
  "a-",
  ".a",
  "8081",
  "1.2.3",
  "256.0.0.1",
  "1.2.3.4.5",
  "[localhost]:1",
  "[::1",
  "::1]",
  "[::1]x",
  "[::1]:",
  "[1.2.3.4]",
  ":::",
  "dns:",
  "dns:///",
  "dns://8.8.8.8/localhost",
  "unix:",
  "unix://host/path",
  "münchen.example",
  "a\nb",
  `${"a".repeat(255)}`,
  undefined,
  null,
  7,
  {},
  ["localhost"],
])("%s is refused", (host) => {
  const parse = () => createTransport({ host: host as string });
  expect(parse).toThrow(InvalidArgumentError);
  expect(parse).toThrow(/^host must be an address such as/);
  if (typeof host === "string") expect(parse).toThrow(JSON.stringify(host).slice(0, 50));
});

test("any text is an address or refused as an argument", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "grapheme" }), fc.webAuthority(), fc.ipV6(), fc.ipV4()),
      (host) => {
        try {
          expect(parseAddress(host).target).toMatch(/^(?:dns:.+:\d+|unix:.+)$/);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
        }
      },
    ),
  );
});

describe("an address of this machine", () => {
  test.each([
    "localhost",
    "db.localhost",
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "[::]",
    "unix:/x",
  ])("%s is one", (host) => {
    expect(parseAddress(host).loopback).toBe(true);
    expect(createTransport({ host }).capabilities.insecure).toBe(false);
  });

  test.each([
    "vectron.example",
    "localhost.example",
    "128.0.0.1",
    "10.0.0.5",
    "[2001:db8::1]",
    "127.example",
  ])("%s is none", (host) => {
    expect(parseAddress(host).loopback).toBe(false);
    expect(createTransport({ host }).capabilities.insecure).toBe(true);
    expect(createTransport({ host, tls: true }).capabilities.insecure).toBe(false);
  });

  test("is another machine's when a proxy elsewhere connects to it", () => {
    expect(createTransport({ host: "localhost", proxy: "http://proxy.example" }).capabilities.insecure).toBe(
      true,
    );
    expect(createTransport({ host: "localhost", proxy: "http://[::1]:3128" }).capabilities.insecure).toBe(
      false,
    );
  });
});

describe("calls reach a server by", () => {
  test.each(["127.0.0.1:", "localhost:", "dns:localhost:", "dns:///localhost:"])("%sport", async (prefix) => {
    const server = await startServer();
    const transport = createTransport({ host: `${prefix}${server.port}` });
    expect((await transport.unary(unaryCall("x"))).message).toBe("x");
  });

  test.runIf(hasIpv6Loopback)("[ipv6]:port, where the machine has ::1", async () => {
    const server = await startServer({ listen: { host: "::1", port: 0 } });
    const transport = createTransport({ host: `[::1]:${server.port}` });
    expect((await transport.unary(unaryCall("x"))).message).toBe("x");
  });

  test("a name of which only one address answers", async () => {
    const server = await startServer({ listen: { host: "127.0.0.1", port: 0 } });
    const transport = createTransport({ host: `localhost:${server.port}` });
    expect((await transport.unary(unaryCall("x"))).message).toBe("x");
  });

  test("a name, without asking the DNS for a service configuration", async () => {
    const server = await startServer();
    const resolveTxt = vi.spyOn(dns, "resolveTxt");
    onTestFinished(() => resolveTxt.mockRestore());
    await createTransport({ host: `localhost:${server.port}` }).unary(unaryCall("x"));
    expect(resolveTxt).not.toHaveBeenCalled();
  });

  test("a socket file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vectron-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "gateway.sock");
    await startServer({ listen: { path } });
    for (const host of [`unix:${path}`, `unix://${path}`]) {
      const transport = createTransport({ host });
      expect((await transport.unary(unaryCall("x"))).message).toBe("x");
      expect(transport.capabilities.endpoint).toBe(path);
    }
  });
});
