import { type AuthServiceFixture, type AuthServiceOptions, startAuthService } from "@vectron/fixtures";
import {
  AuthClient,
  AuthenticationError,
  PermissionDeniedError,
  ResourceExhaustedError,
  type SdkTokenOptions,
  sdkToken,
  VectronClient,
} from "@vectron/node";
import { VectronClient as WebClient, sdkToken as webSdkToken } from "@vectron/web";
import { SignJWT } from "jose";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { startServer, type VectronServer } from "../../src/index.ts";

// The whole flow over real sockets: an auth service, a server that takes its tokens, and the Node client.

const ADA = { email: "ada@example.com", password: "Corr3ct-horse" };
const DAY_MS = 24 * 60 * 60 * 1_000;

interface Cluster {
  readonly auth: AuthServiceFixture;
  readonly gateway: VectronServer;
  readonly accounts: AuthClient;
  /** A client whose tokens come from the auth service. */
  client(source: object): VectronClient;
  /** A client with one token. */
  bearer(token: string): VectronClient;
  /** The calls to the auth service since the last time it was asked. */
  asked(): string[];
}

async function start(
  options: AuthServiceOptions = {},
  server: { rateLimit?: number } = {},
): Promise<Cluster> {
  const auth = await startAuthService(options);
  const gateway = await startServer({ jwtSecret: auth.jwtSecret, httpPort: 0, ...server });
  const accounts = new AuthClient({ host: auth.grpcAddress });
  const open = (own: object) => {
    const client = new VectronClient({ host: gateway.grpcAddress, ...own });
    closing.push(() => client.close());
    return client;
  };
  const closing: (() => Promise<void>)[] = [() => accounts.close()];
  onTestFinished(async () => {
    await Promise.all(closing.map((close) => close()));
    await Promise.all([gateway.close(), auth.close()]);
  });
  let seen = 0;
  return {
    auth,
    gateway,
    accounts,
    client: (source) =>
      open({ auth: sdkToken({ authHost: auth.grpcAddress, ...source } as SdkTokenOptions) }),
    bearer: (token) => open({ apiKey: token }),
    asked() {
      const calls = auth.calls.slice(seen).map(({ method }) => method);
      seen = auth.calls.length;
      return calls;
    },
  };
}

/** Registers the user and creates a key. */
async function registered(cluster: Cluster) {
  await cluster.accounts.register(ADA);
  const { token } = await cluster.accounts.login(ADA);
  const { keyPrefix, fullKey } = await cluster.accounts.createApiKey("search service", { token });
  cluster.asked();
  return { token, keyPrefix, fullKey };
}

/** Moves the one clock that all three parts have. Timers go on as they were. */
function passTime(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

afterEach(() => {
  vi.useRealTimers();
});

test("register, login, key, SDK token, search", async () => {
  const cluster = await start();
  const { keyPrefix } = await registered(cluster);
  const client = cluster.client({ login: ADA, apiKeyPrefix: keyPrefix });
  await client.createCollection({ name: "docs", dimension: 2 });
  await client.upsert("docs", [{ id: "a", vector: [1, 2] }]);
  expect(await client.search("docs", { vector: [1, 2] })).toMatchObject([{ id: "a", score: 0 }]);
  for await (const results of client.searchStream("docs", { vector: [1, 2] }))
    expect(results).toHaveLength(1);
  expect(cluster.asked()).toEqual(["Login", "CreateSDKJWT"]);
});

test("the same over HTTP alone", async () => {
  const cluster = await start();
  const { keyPrefix } = await registered(cluster);
  const client = new WebClient({
    baseUrl: cluster.gateway.httpUrl ?? "",
    auth: webSdkToken({ authBaseUrl: cluster.auth.httpUrl, login: ADA, apiKeyPrefix: keyPrefix }),
  });
  onTestFinished(() => client.close());
  // Its callers share no promise, and yet one token.
  await Promise.all(Array.from({ length: 10 }, () => client.listCollections()));
  await client.createCollection({ name: "docs", dimension: 2 });
  expect(await client.search("docs", { vector: [1, 2] })).toEqual([]);
  expect(cluster.asked()).toEqual(["Login", "CreateSDKJWT"]);
  const raw = new WebClient({ baseUrl: cluster.gateway.httpUrl ?? "", apiKey: "vkey-12345678-1234" });
  onTestFinished(() => raw.close());
  await expect(raw.listCollections()).rejects.toThrow("invalid or expired token: the token is a raw API key");
});

describe("the server takes", () => {
  test("login and SDK tokens, and no raw key, which it explains", async () => {
    const cluster = await start();
    const { token, keyPrefix, fullKey } = await registered(cluster);
    const sdk = await cluster.accounts.createSdkToken(keyPrefix, { token });
    expect(await cluster.bearer(token).listCollections()).toEqual([]);
    expect(await cluster.bearer(sdk.token).listCollections()).toEqual([]);

    const error = await cluster
      .bearer(fullKey)
      .listCollections()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuthenticationError);
    const { message } = error as Error;
    expect(message).toContain("invalid or expired token: the token is a raw API key");
    // What it advises is what this file does.
    expect(message).toContain("auth: sdkToken({ authHost, login, apiKeyPrefix })");
    expect(message).not.toContain(fullKey);
  });

  test("so many calls from each user, and not from all together", async () => {
    const cluster = await start({}, { rateLimit: 1 });
    const secret = new TextEncoder().encode(cluster.auth.jwtSecret);
    const clientOf = async (user: string) =>
      cluster.bearer(await new SignJWT({ user_id: user }).setProtectedHeader({ alg: "HS384" }).sign(secret));
    const [ada, eve] = await Promise.all([clientOf("ada"), clientOf("eve")]);
    const once = { retry: { maxAttempts: 1 } };
    const outcomes = await Promise.allSettled([
      ada.listCollections(once),
      ada.listCollections(once),
      eve.listCollections(once),
    ]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toBeInstanceOf(ResourceExhaustedError);
    expect(outcomes[2]?.status).toBe("fulfilled");
  });
});

describe("time passes", () => {
  test("a login is renewed without the password, and begun anew when it is too late for that", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const cluster = await start();
    await cluster.accounts.register(ADA);
    const client = cluster.client({ login: ADA });
    await client.listCollections();
    expect(cluster.asked()).toEqual(["RegisterUser", "Login"]);
    passTime(0.95 * DAY_MS);
    await client.listCollections();
    expect(cluster.asked()).toEqual(["GetUserProfile", "UpdateUserProfile"]);
    // The first token is no longer good by now, the second is.
    passTime(0.5 * DAY_MS);
    await client.listCollections();
    expect(cluster.asked()).toEqual([]);
    passTime(2 * DAY_MS);
    await client.listCollections();
    expect(cluster.asked()).toEqual(["Login"]);
  });

  test("SDK tokens follow each other for weeks on a token that was good for a day", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const cluster = await start();
    const { token, keyPrefix } = await registered(cluster);
    const client = cluster.client({ apiKeyPrefix: keyPrefix, token });
    await client.listCollections();
    for (let week = 0; week < 4; week++) {
      passTime(0.95 * 7 * DAY_MS);
      await client.listCollections();
    }
    expect(cluster.asked()).toEqual(Array.from({ length: 5 }, () => "CreateSDKJWT"));
    passTime(8 * DAY_MS);
    await expect(client.listCollections()).rejects.toThrow(
      "the token that sdkToken was given is no longer good",
    );
  });

  test("a token that the server calls expired before its time is replaced in the middle of a call", async () => {
    // An auth service whose clock is two days behind: the server sees its tokens as expired.
    let behindMs = 2 * DAY_MS;
    const cluster = await start({ now: () => Date.now() - behindMs });
    await cluster.accounts.register(ADA);
    const client = cluster.client({ login: ADA });
    await expect(client.listCollections()).rejects.toThrow("invalid or expired token");
    expect(cluster.asked()).toEqual(["RegisterUser", "Login", "Login"]);
    behindMs = 0;
    const attempts: string[] = [];
    await client.listCollections({
      onResponse: (info) => attempts.push(...info.attempts.map(({ code }) => code)),
    });
    expect(attempts).toEqual(["UNAUTHENTICATED", "OK"]);
    expect(cluster.asked()).toEqual(["Login"]);
  });
});

describe("what goes wrong", () => {
  test("the key is deleted: the next token is not to be had", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const cluster = await start();
    const { token, keyPrefix } = await registered(cluster);
    const client = cluster.client({ login: ADA, apiKeyPrefix: keyPrefix });
    await client.listCollections();
    await cluster.accounts.deleteApiKey(keyPrefix, { token });
    passTime(8 * DAY_MS);
    const error = await client.listCollections().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ method: "ListCollections", retryable: false, attempts: [] });
    expect((error as Error).cause).toBeInstanceOf(PermissionDeniedError);
    expect((error as Error).message).toContain("invalid API key ID or not owned by user");
  });

  test("the password is wrong: said once for all who wait, and not shown", async () => {
    const cluster = await start();
    await cluster.accounts.register(ADA);
    cluster.asked();
    const client = cluster.client({ login: { ...ADA, password: "wr0ng-Horse" } });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => client.listCollections()));
    expect(cluster.asked()).toEqual(["Login"]);
    for (const outcome of outcomes) {
      const error = (outcome as PromiseRejectedResult).reason;
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error.message).toContain("invalid password");
      expect(JSON.stringify(error) + error.stack).not.toContain("wr0ng-Horse");
    }
  });

  test("the logins of a minute are used up: said with the time to wait, and over after it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const cluster = await start();
    await cluster.accounts.register(ADA);
    for (let i = 0; i < 5; i++) await cluster.accounts.login(ADA);
    const client = cluster.client({ login: ADA });
    const error = await client.listCollections().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 60_000 });
    passTime(60_000);
    expect(await client.listCollections()).toEqual([]);
  });

  test("the auth service is gone: what there is of a token is used up first", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const cluster = await start();
    await cluster.accounts.register(ADA);
    const client = cluster.client({ login: ADA, timeoutMs: 500, retry: { maxAttempts: 1 } });
    await client.listCollections();
    await cluster.auth.close();
    passTime(0.95 * DAY_MS);
    expect(await client.listCollections()).toEqual([]);
    passTime(0.05 * DAY_MS);
    const error = await client.listCollections().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ retryable: true });
    expect((error as Error).message).toContain("there is no token from the auth service at 127.0.0.1:");
  });
});
