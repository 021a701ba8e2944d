import { inspect } from "node:util";
import {
  type AuthServiceFixture,
  checkAuthCalls,
  checkAuthFailures,
  startAuthService,
} from "@vectron/fixtures";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  AuthClient,
  type AuthClientOptions,
  InvalidArgumentError,
  type SdkTokenOptions,
  sdkToken,
} from "../src/index.ts";

const ADA = { email: "ada@example.com", password: "Corr3ct-horse" };

async function start(): Promise<AuthServiceFixture> {
  const service = await startAuthService();
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
    await checkAuthCalls(createClient({ baseUrl: service.httpUrl }));
  });

  test("fails with the class that fits", async () => {
    const service = await start();
    await checkAuthFailures(createClient({ baseUrl: service.httpUrl }));
  });

  test("makes its requests as its options say", async () => {
    const service = await start();
    const seen: Headers[] = [];
    const auth = createClient({
      baseUrl: service.httpUrl,
      sendTimeoutHeader: false,
      headers: { "x-team": "search" },
      fetch: (url, init) => {
        seen.push(new Headers(init.headers));
        return fetch(url, init);
      },
    });
    await auth.register(ADA);
    expect(seen[0]?.get("x-team")).toBe("search");
    expect(seen[0]?.has("grpc-timeout")).toBe(false);
  });

  test.each<[object, string]>([
    [{}, "baseUrl must be"],
    [{ baseUrl: "http://localhost", streamFallback: true }, 'no option "streamFallback"'],
    [{ baseUrl: "http://localhost", protocol: "connect" }, 'no option "protocol"'],
    [{ baseUrl: "http://localhost", expectedDimension: 4 }, 'no option "expectedDimension"'],
  ])("is refused %j", (options, text) => {
    expect(() => new AuthClient(options as AuthClientOptions)).toThrow(text);
  });
});

describe("sdkToken", () => {
  test("gets one token for all who ask at the same time, though they share no promise", async () => {
    const service = await start();
    const auth = createClient({ baseUrl: service.httpUrl });
    await auth.register(ADA);
    const provider = sdkToken({ authBaseUrl: service.httpUrl, login: ADA });
    const own = createClient({ baseUrl: service.httpUrl, auth: provider });
    await Promise.all(Array.from({ length: 20 }, () => own.getUserProfile()));
    const { keyPrefix } = await own.createApiKey("ci");
    expect(service.calls.filter(({ method }) => method === "Login")).toHaveLength(1);

    const sdk = sdkToken({ authBaseUrl: service.httpUrl, login: ADA, apiKeyPrefix: keyPrefix });
    const withKey = createClient({ baseUrl: service.httpUrl, auth: sdk });
    expect(await withKey.listApiKeys()).toHaveLength(1);
    expect(service.calls.slice(-3).map(({ method }) => method)).toEqual([
      "Login",
      "CreateSDKJWT",
      "ListAPIKeys",
    ]);
  });

  const AT = { authBaseUrl: "http://localhost:1" };
  test.each<[object | undefined, string]>([
    [undefined, "options must be an object"],
    [{ login: ADA }, "authBaseUrl must be an absolute http or https URL"],
    [{ authBaseUrl: "https://me:s3cret@host", login: ADA }, "authBaseUrl must not hold a user name"],
    [{ ...AT, login: ADA, baseUrl: "http://localhost" }, 'no option "baseUrl"'],
    [{ ...AT, login: ADA, credentials: "some" }, "credentials must be"],
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
