import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  AuthenticationError,
  InvalidArgumentError,
  PermissionDeniedError,
  type SdkTokenSource,
} from "../../src/index.ts";
import { fail, type RecordedCall, reply } from "../../src/testing/index.ts";
import { rejection } from "../support.ts";
import { DAY_MS } from "./json-web-tokens.ts";
import {
  bench,
  FIRST_TOKEN,
  KEY,
  LATE,
  LOGIN,
  LOGIN_WITH_KEY,
  nameOf,
  PASSWORD,
  TOKEN_WITH_KEY,
} from "./sdk-token-bench.ts";
import { REFUSED } from "./token-bench.ts";

describe("the tokens of a login", () => {
  it("come from one login, and serve every call until they are due", async () => {
    const used = bench();
    await used.search();
    await used.clock.advance(0.8 * DAY_MS - 1_000);
    await used.search();
    expect(used.asked()).toEqual(["login"]);
    expect(used.authCalls[0]?.message).toEqual({ email: "ada@example.com", password: PASSWORD });
    expect(used.sent()).toEqual(["login 1", "login 1"]);
  });

  it("are renewed before they expire, without the password, and with the plan as it is", async () => {
    const used = bench();
    await used.search();
    await used.clock.advance(LATE * DAY_MS);
    await used.search();
    expect(used.asked()).toEqual(["login", "getUserProfile", "updateUserProfile"]);
    expect(used.authCalls[2]?.message).toEqual({ plan: 2 });
    expect(used.authCalls.slice(1).map(({ headers }) => nameOf(headers.authorization ?? ""))).toEqual([
      "login 1",
      "login 1",
    ]);
    expect(used.sent()).toEqual(["login 1", "renewed 2"]);
  });

  it("come from a login again when they have expired", async () => {
    const used = bench();
    await used.search();
    await used.clock.advance(DAY_MS + 1);
    await used.search();
    expect(used.asked()).toEqual(["login", "login"]);
    expect(used.sent()).toEqual(["login 1", "login 2"]);
  });

  it("come from a login again when a renewal is refused, or brings none", async () => {
    for (const auth of [
      ({ method }: RecordedCall) => (method === "updateUserProfile" ? fail("UNIMPLEMENTED") : undefined),
      ({ method }: RecordedCall) =>
        method === "updateUserProfile" ? reply({ user: undefined, jwtToken: "" } as never) : undefined,
    ]) {
      const used = bench({ auth });
      await used.search();
      await used.clock.advance(LATE * DAY_MS);
      await used.search();
      expect(used.asked()).toEqual(["login", "getUserProfile", "updateUserProfile", "login"]);
      expect(used.sent()).toEqual(["login 1", "login 2"]);
    }
  });

  it("are kept while the auth service is out of reach, which is asked again later", async () => {
    let isDown = false;
    const used = bench({
      auth: () => (isDown ? fail("UNAVAILABLE") : undefined),
      calls: { retry: { maxAttempts: 1 } },
    });
    await used.search();
    isDown = true;
    await used.clock.advance(0.9 * DAY_MS);
    await used.search();
    expect(used.asked()).toEqual(["login", "getUserProfile"]);
    await used.search();
    expect(used.asked()).toHaveLength(2);
    isDown = false;
    await used.clock.advance(0.06 * DAY_MS);
    await used.search();
    expect(used.sent()).toEqual(["login 1", "login 1", "login 1", "renewed 2"]);
  });
});

describe("the tokens of an API key", () => {
  it("come from a login, and then each from the one before", async () => {
    const used = bench({ source: LOGIN_WITH_KEY });
    await used.search();
    for (let week = 0; week < 2; week++) {
      await used.clock.advance(LATE * 7 * DAY_MS);
      await used.search();
    }
    expect(used.asked()).toEqual(["login", "createSdkJwt", "createSdkJwt", "createSdkJwt"]);
    expect(used.sent()).toEqual(["sdk 2", "sdk 3", "sdk 4"]);
    expect(used.authCalls.slice(1).map(({ headers }) => nameOf(headers.authorization ?? ""))).toEqual([
      "login 1",
      "sdk 2",
      "sdk 3",
    ]);
  });

  it("come from the token that was given, and then each from the one before", async () => {
    const used = bench({ source: TOKEN_WITH_KEY });
    await used.search();
    await used.clock.advance(LATE * 7 * DAY_MS);
    await used.search();
    expect(used.asked()).toEqual(["createSdkJwt", "createSdkJwt"]);
    expect(used.authCalls.map(({ headers }) => nameOf(headers.authorization ?? ""))).toEqual([
      "first",
      "sdk 1",
    ]);
    expect(used.authCalls[0]?.message).toEqual({ apiKeyId: KEY });
    expect(used.sent()).toEqual(["sdk 1", "sdk 2"]);
  });

  it("say so when the token that was given is spent", async () => {
    const used = bench({ source: TOKEN_WITH_KEY, auth: () => REFUSED });
    const error = await rejection(AuthenticationError, used.search());
    expect(error.message).toContain("the token that sdkToken was given is no longer good: give it a new one");
  });

  it("end with the key", async () => {
    let isDeleted = false;
    const used = bench({
      source: LOGIN_WITH_KEY,
      auth: ({ method }) =>
        isDeleted && method === "createSdkJwt"
          ? fail("PERMISSION_DENIED", { message: "invalid API key ID or not owned by user" })
          : undefined,
      gateway: () =>
        isDeleted ? fail("UNAUTHENTICATED", { message: "invalid API key ID in SDK token" }) : undefined,
    });
    await used.search();
    isDeleted = true;
    const error = await rejection(AuthenticationError, used.search());
    expect(error.message).toMatch(
      /^there is no token from the auth service at auth\.example: invalid API key ID or not owned by user \[CreateSDKJWT, .*\] \[Search "docs"/,
    );
    expect(error).toMatchObject({ method: "Search", collection: "docs", retryable: false });
    expect(error.cause).toBeInstanceOf(PermissionDeniedError);
  });
});

describe("the provider", () => {
  it("closes each connection that it opened", async () => {
    const used = bench();
    await used.search();
    await used.clock.advance(2 * DAY_MS);
    await used.search();
    expect(used.transports.map(({ closeCount }) => closeCount)).toEqual([1, 1, 1]);
  });

  it("passes its options on to the calls for tokens", async () => {
    const observed: string[] = [];
    const used = bench({
      auth: () => fail("UNAVAILABLE"),
      calls: {
        retry: { maxAttempts: 2 },
        observers: [{ attemptStarted: ({ method }) => void observed.push(method) }],
      },
    });
    await rejection(AuthenticationError, used.search());
    expect(observed).toEqual(["Login", "Login"]);
  });

  it("warns once when it would send credentials in clear text", async () => {
    const warnings: unknown[][] = [];
    const used = bench({
      insecure: true,
      calls: { logger: { warn: (...parts) => void warnings.push(parts) } },
    });
    await used.search();
    expect(warnings).toEqual([
      ["passwords and tokens are sent in clear text to another host: use TLS", { endpoint: "auth.example" }],
    ]);
  });

  it("shows no credential, and neither do its failures", async () => {
    const logged: unknown[] = [];
    const log = (...parts: unknown[]) => void logged.push(parts);
    const echo = ({ message, headers }: RecordedCall) =>
      fail("UNAVAILABLE", { message: `cannot take ${JSON.stringify(message)} ${headers.authorization}` });
    for (const source of [LOGIN_WITH_KEY, TOKEN_WITH_KEY]) {
      const used = bench({ source, auth: echo, calls: { logger: { debug: log, warn: log, error: log } } });
      const error = await rejection(AuthenticationError, used.search());
      const printed = [used.provider, used.client, error, logged].flatMap((value) => [
        inspect(value, { depth: 20, showHidden: true }),
        JSON.stringify(value) ?? "",
      ]);
      expect(printed.join()).toContain("[token]");
      expect(printed.join()).not.toContain(PASSWORD);
      expect(printed.join()).not.toContain(FIRST_TOKEN);
    }
  });

  const BAD: readonly [string, unknown, string][] = [
    ["nothing to begin with", {}, "sdkToken needs login, or apiKeyPrefix and token"],
    ["a token without a key", { token: "s3cret-token" }, "sdkToken needs login, or apiKeyPrefix and token"],
    ["a key without a token", { apiKeyPrefix: KEY }, "sdkToken needs login, or apiKeyPrefix and token"],
    ["two beginnings", { ...LOGIN, token: "s3cret-token", apiKeyPrefix: KEY }, "both login and token"],
    [
      "a whole key",
      { ...LOGIN, apiKeyPrefix: "vkey-12345678-s3cret" },
      "apiKeyPrefix must be the key's prefix",
    ],
    ["no password", { login: { email: "a@b.co" } }, "login.password must be"],
    [
      "a token that cannot be sent",
      { apiKeyPrefix: KEY, token: "Bearer s3cret-token" },
      "token must be the bare token",
    ],
  ];

  it.each(BAD)("is not to be had with %s", (_what, source, text) => {
    let error: unknown;
    try {
      bench({ source: source as SdkTokenSource });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as Error).message).toContain(text);
    expect((error as Error).message).not.toContain("s3cret");
  });
});
