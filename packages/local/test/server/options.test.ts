import { createServer } from "node:net";
import { InvalidArgumentError } from "@vectron/core";
import { describe, expect, it } from "vitest";
import { ListenError, type StartServerOptions, startServer } from "../../src/index.ts";
import { resolveServerOptions } from "../../src/server/resolve-options.ts";

describe("options of the server", () => {
  it.each<[options: object, text: string]>([
    [{ port: 1 }, 'options has no property "port"'],
    [{ __proto__: null, toString: 1 }, 'options has no property "toString"'],
    [{ grpcPort: -1 }, "grpcPort must be an integer from 0 to 65535, got -1"],
    [{ grpcPort: 65_536 }, "grpcPort must be"],
    [{ grpcPort: 1.5 }, "grpcPort must be"],
    [{ grpcPort: "8081" }, "grpcPort must be"],
    [{ httpPort: -1 }, "httpPort must be an integer from 0 to 65535, got -1"],
    [{ httpPort: "8080" }, "httpPort must be"],
    [{ host: "" }, "host must be"],
    [{ apiKey: "" }, "apiKey must be"],
    [{ apiKey: " a" }, "apiKey must be"],
    [{ apiKey: "a\n" }, "apiKey must be"],
    [{ rateLimit: 0 }, "rateLimit must be"],
    [{ strictParity: "yes" }, "strictParity must be true or false"],
    [{ allowUnauthenticated: 1 }, "allowUnauthenticated must be true or false"],
    [{ maxMessageBytes: Number.POSITIVE_INFINITY }, "maxMessageBytes must be"],
    [{ drainTimeoutMs: Number.NaN }, "drainTimeoutMs must be"],
    [{ requestTimeoutMs: 0 }, "requestTimeoutMs must be an integer from 1"],
    [{ keepaliveTimeMs: 0.5 }, "keepaliveTimeMs must be"],
    [{ keepaliveTimeoutMs: "1" }, "keepaliveTimeoutMs must be"],
    [{ minPingIntervalMs: -1 }, "minPingIntervalMs must be an integer from 0"],
    [{ keepalivePermitWithoutCalls: 1 }, "keepalivePermitWithoutCalls must be true or false"],
    [{ metrics: "yes" }, "metrics must be true or false"],
    [{ metrics: true }, "set httpPort too"],
    [{ logger: "console" }, "logger must be an object"],
    [{ host: "0.0.0.0" }, "no apiKey is set"],
    [{ host: "::" }, "no apiKey is set"],
    [{ host: "db.example" }, "no apiKey is set"],
    [{ host: "127.0.0.1.example" }, "no apiKey is set"],
    [{ host: "0.0.0.0", allowUnauthenticated: false }, "no apiKey is set"],
  ])("refused: %j", async (options, text) => {
    const error = await startServer(options as StartServerOptions).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as Error).message).toContain(text);
    expect((error as Error).message).not.toContain("secret");
  });

  it.each<StartServerOptions>([
    {},
    { host: "127.9.9.9" },
    { host: "::1" },
    { host: "localhost" },
    { host: "0.0.0.0", apiKey: "k" },
    { host: "0.0.0.0", allowUnauthenticated: true },
    {
      host: undefined,
      grpcPort: undefined,
      apiKey: undefined,
      rateLimit: undefined,
      strictParity: undefined,
    },
  ])("accepted: %j", (options) => {
    expect(() => resolveServerOptions(options)).not.toThrow();
  });

  it("default to a free port on loopback and the stock server's message limit", () => {
    expect(resolveServerOptions({})).toEqual({
      host: "127.0.0.1",
      grpcPort: 0,
      httpPort: undefined,
      tls: undefined,
      apiKey: undefined,
      jwtSecret: undefined,
      rateLimit: undefined,
      strictParity: false,
      upstream: undefined,
      storage: { path: undefined, durability: undefined },
      maxMessageBytes: 268_435_456,
      requestTimeoutMs: 300_000,
      keepaliveTimeMs: 30_000,
      keepaliveTimeoutMs: 10_000,
      minPingIntervalMs: 10_000,
      keepalivePermitWithoutCalls: true,
      metrics: false,
      logger: {},
      drainTimeoutMs: 10_000,
    });
  });
});

describe("listening", () => {
  it("fails clearly when the port is taken", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => {
      holder.listen(0, "127.0.0.1", resolve);
    });
    const { port } = holder.address() as { port: number };
    try {
      const error = await startServer({ grpcPort: port }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ListenError);
      expect(error).toMatchObject({ code: "EADDRINUSE", address: `127.0.0.1:${port}` });
      expect((error as Error).message).toContain(`cannot listen on 127.0.0.1:${port}: `);
    } finally {
      holder.close();
    }
  });

  it("fails clearly when the address is not this machine's", async () => {
    const error = await startServer({ host: "192.0.2.1", apiKey: "k" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ code: "EADDRNOTAVAIL", address: "192.0.2.1:0" });
  });

  it("works on IPv6 and by name, and on the port that it was given", async () => {
    const first = await startServer({ host: "::1" });
    expect(first.grpcAddress).toBe(`[::1]:${first.grpcPort}`);
    await first.close();
    const second = await startServer({ host: "localhost", grpcPort: first.grpcPort });
    expect(second.grpcAddress).toBe(`localhost:${first.grpcPort}`);
    await second[Symbol.asyncDispose]();
  });
});
