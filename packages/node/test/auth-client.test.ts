import { inspect } from "node:util";
import {
  type AuthServiceFixture,
  type AuthServiceOptions,
  checkAuthCalls,
  checkAuthFailures,
  refusedAddress,
  startAuthService,
} from "@vectron/fixtures";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  AuthClient,
  type AuthClientOptions,
  InvalidArgumentError,
  type SdkTokenOptions,
  sdkToken,
  UnavailableError,
} from "../src/index.ts";

const ADA = { email: "ada@example.com", password: "Corr3ct-horse" };

async function start(options: AuthServiceOptions = {}): Promise<AuthServiceFixture> {
  const service = await startAuthService(options);
  onTestFinished(() => service.close());
  return service;
}

function createClient(options: AuthClientOptions): AuthClient {
  const auth = new AuthClient(options);
  onTestFinished(() => auth.close());
  return auth;
}

describe("a client of the auth service", () => {
  test("registers, logs in, and manages keys", async () => {
    const service = await start();
    await checkAuthCalls(createClient({ host: service.grpcAddress }));
  });

  test("uses its own token where a call names none", async () => {
    const service = await start();
    const auth = createClient({ host: service.grpcAddress });
    await auth.register(ADA);
    const { token } = await auth.login(ADA);
    const own = createClient({ host: service.grpcAddress, auth: token });
    expect(await own.getUserProfile()).toMatchObject({ email: ADA.email });
  });

  test("fails with the class that fits", async () => {
    const service = await start();
    await checkAuthFailures(createClient({ host: service.grpcAddress }));
  });

  test("that finds no server says so", async () => {
    const auth = createClient({ host: await refusedAddress(), retry: { maxAttempts: 1 } });
    await expect(auth.login(ADA)).rejects.toThrow(UnavailableError);
  });

  test.each<[object, string]>([
    [{}, "host must be"],
    [{ host: "localhost", hots: "x" }, 'no option "hots"'],
    [{ host: "localhost", expectedDimension: 4 }, 'no option "expectedDimension"'],
  ])("is refused %j", (options, text) => {
    expect(() => new AuthClient(options as AuthClientOptions)).toThrow(text);
  });
});

describe("sdkToken", () => {
  const request = { signal: new AbortController().signal, refused: undefined };

  test("gets a token that the auth service itself accepts", async () => {
    const service = await start();
    const auth = createClient({ host: service.grpcAddress });
    await auth.register(ADA);
    const provider = sdkToken({ authHost: service.grpcAddress, login: ADA });
    const own = createClient({ host: service.grpcAddress, auth: provider });
    const { keyPrefix } = await own.createApiKey("ci");
    expect(await own.listApiKeys()).toHaveLength(1);
    expect(service.calls.map(({ method }) => method)).toEqual([
      "RegisterUser",
      "Login",
      "CreateAPIKey",
      "ListAPIKeys",
    ]);

    const sdk = sdkToken({ authHost: service.grpcAddress, login: ADA, apiKeyPrefix: keyPrefix });
    const first = await sdk(request);
    expect(await sdk(request)).toBe(first);
    const second = await sdk({ ...request, refused: (first as { token: string }).token });
    expect(second).not.toBe(first);
  });

  test("takes the options of the transport and of its calls", async () => {
    const service = await start();
    const methods: string[] = [];
    const provider = sdkToken({
      authHost: service.grpcAddress,
      login: ADA,
      timeoutMs: 5_000,
      compression: "gzip",
      observers: [{ callStarted: ({ method }) => void methods.push(method) }],
    });
    await expect(provider(request)).rejects.toThrow("user not found");
    expect(methods).toEqual(["Login"]);
  });

  const AT = { authHost: "localhost:1" };
  test.each<[object | undefined, string]>([
    [undefined, "options must be an object"],
    [{ login: ADA }, "authHost must be an address"],
    [{ authHost: "http://localhost", login: ADA }, "authHost must be an address"],
    [{ ...AT, login: ADA, host: "localhost" }, 'no option "host"'],
    [{ ...AT, login: ADA, tlss: true }, 'no option "tlss"'],
    [{ ...AT, login: ADA, timeoutMs: -1 }, "timeoutMs must be"],
    [{ ...AT, login: { ...ADA, password: 5 } }, "login.password must be"],
    [{ ...AT, apiKeyPrefix: "vkey-12345678" }, "sdkToken needs login, or apiKeyPrefix and token"],
  ])("is refused %j", (options, text) => {
    const create = () => sdkToken(options as SdkTokenOptions);
    expect(create).toThrow(InvalidArgumentError);
    expect(create).toThrow(text);
  });

  test("shows nothing of what it was given", () => {
    const provider = sdkToken({ ...AT, login: ADA });
    expect(inspect(provider, { depth: 20, showHidden: true })).not.toContain(ADA.password);
  });
});
