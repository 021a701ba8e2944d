import { inspect } from "node:util";
import {
  type AuthServiceFixture,
  type AuthServiceOptions,
  refusedAddress,
  startAuthService,
} from "@vectron/fixtures";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  AlreadyExistsError,
  AuthClient,
  type AuthClientOptions,
  AuthenticationError,
  InvalidArgumentError,
  NotFoundError,
  PermissionDeniedError,
  ResourceExhaustedError,
  type SdkTokenOptions,
  sdkToken,
  UnavailableError,
} from "../src/index.ts";

const ADA = { email: "ada@example.com", password: "Corr3ct-horse" };
const DAY_MS = 24 * 60 * 60 * 1_000;

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
    const auth = createClient({ host: service.grpcAddress });

    const user = await auth.register({ ...ADA, email: " Ada@Example.com" });
    expect(user).toMatchObject({ email: "ada@example.com", plan: "free", subscriptionStatus: "active" });
    expect(Math.abs(Date.now() - user.createdAt.getTime())).toBeLessThan(60_000);

    const { token, expiresAtMs, user: same } = await auth.login({ ...ADA, email: "ADA@example.com " });
    expect(same).toEqual(user);
    expect(expiresAtMs).toBeGreaterThan(Date.now() + DAY_MS - 60_000);
    expect(await auth.getUserProfile({ token })).toEqual(user);

    const key = await auth.createApiKey("search service", { token });
    const { fullKey, ...shown } = key;
    expect(key).toMatchObject({ keyPrefix: fullKey.slice(0, 13), userId: user.id, name: "search service" });
    expect(await auth.listApiKeys({ token })).toEqual([shown]);
    expect(await auth.validateApiKey(fullKey)).toEqual({
      valid: true,
      keyPrefix: key.keyPrefix,
      userId: user.id,
      plan: "free",
    });
    const sdk = await auth.createSdkToken(key.keyPrefix, { token });
    expect(sdk.expiresAtMs).toBeGreaterThan(Date.now() + 7 * DAY_MS - 60_000);

    const paid = await auth.updateUserProfile({ plan: "paid" }, { token });
    expect(paid.user).toEqual({ ...user, plan: "paid" });
    expect(await auth.getUserProfile({ token: paid.token })).toEqual(paid.user);

    await auth.deleteApiKey(key.keyPrefix, { token });
    expect(await auth.listApiKeys({ token })).toEqual([]);
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
    const auth = createClient({ host: service.grpcAddress });
    await expect(auth.login(ADA)).rejects.toThrow(NotFoundError);
    await auth.register(ADA);
    await expect(auth.register(ADA)).rejects.toThrow(AlreadyExistsError);
    await expect(auth.register({ ...ADA, password: "abc" })).rejects.toThrow(InvalidArgumentError);
    await expect(auth.login({ ...ADA, password: "other" })).rejects.toThrow(AuthenticationError);
    await expect(auth.listApiKeys()).rejects.toThrow("missing Authorization header");
    await expect(auth.listApiKeys({ token: "vkey-12345678-rest" })).rejects.toThrow("sdkToken({ authHost");

    const { token } = await auth.login(ADA);
    await expect(auth.deleteApiKey("vkey-unknown1", { token })).rejects.toThrow(NotFoundError);
    await expect(auth.createSdkToken("vkey-unknown1", { token })).rejects.toThrow(PermissionDeniedError);

    // The fourth registration in a minute.
    const error = await auth.register(ADA).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ResourceExhaustedError);
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 60_000 });
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
