import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  AuthenticationError,
  InvalidArgumentError,
  PermissionDeniedError,
  type SdkTokenCallOptions,
  type SdkTokenSource,
  sdkTokenProvider,
  type TokenProvider,
  VectronClient,
} from "../../src/index.ts";
import {
  fail,
  hang,
  type RecordedCall,
  reply,
  type ScriptedMethod,
  ScriptedTransport,
  type Step,
  VirtualClock,
  type VirtualClockOptions,
} from "../../src/testing/index.ts";
import { QUERY, rejection } from "../support.ts";
import { DAY_MS, tokenOf, tokenPress } from "./json-web-tokens.ts";

const PASSWORD = "Corr3ct-horse";
const LOGIN: SdkTokenSource = { login: { email: "Ada@Example.com", password: PASSWORD } };
const KEY = "vkey-12345678";
const LOGIN_WITH_KEY: SdkTokenSource = { ...LOGIN, apiKeyPrefix: KEY } as SdkTokenSource;
const FIRST_TOKEN = tokenOf({ kind: "first" });
const TOKEN_WITH_KEY: SdkTokenSource = { apiKeyPrefix: KEY, token: FIRST_TOKEN };

const REFUSED = fail("UNAUTHENTICATED", { message: "invalid or expired token" });

interface BenchOptions {
  readonly source?: SdkTokenSource;
  readonly calls?: SdkTokenCallOptions;
  readonly clock?: VirtualClockOptions;
  /** What the auth service does instead of answering. */
  readonly auth?: (call: RecordedCall) => Step | undefined;
  /** What the gateway does instead of answering. */
  readonly gateway?: (call: RecordedCall) => Step | undefined;
  readonly insecure?: boolean;
}

/** A client, its gateway and an auth service, all on one clock. */
function bench(options: BenchOptions = {}) {
  const clock = new VirtualClock({ startMs: 1_000_000_000, ...options.clock });
  const press = tokenPress();
  const user = { id: "user-1", email: "ada@example.com", createdAt: "0", plan: 2, subscriptionStatus: 1 };
  const answers: Partial<Record<ScriptedMethod, () => Step>> = {
    login: () => reply({ jwtToken: press("login", clock.now(), DAY_MS), user }, { afterMs: 30 }),
    getUserProfile: () => reply({ user }),
    updateUserProfile: () => reply({ jwtToken: press("renewed", clock.now(), DAY_MS), user } as never),
    createSdkJwt: () => reply({ sdkJwt: press("sdk", clock.now(), 7 * DAY_MS) }),
  };
  const authCalls: RecordedCall[] = [];
  const transports: ScriptedTransport[] = [];
  const openTransport = () => {
    const script = (call: RecordedCall): Step => {
      authCalls.push(call);
      return options.auth?.(call) ?? (answers[call.method] as () => Step)();
    };
    const capabilities = { endpoint: "auth.example", insecure: options.insecure ?? false };
    const transport = new ScriptedTransport(script, { runtime: clock, keepToken: true, capabilities });
    transports.push(transport);
    return transport;
  };
  const { source = LOGIN, calls } = options;
  const provider = sdkTokenProvider({ source, calls, openTransport, runtime: clock });
  const gateway = new ScriptedTransport((call) => options.gateway?.(call) ?? reply(), {
    runtime: clock,
    keepToken: true,
  });
  const clientOf = (auth: TokenProvider) => new VectronClient(gateway, { auth }, clock);
  const client = clientOf(provider);
  return {
    clock,
    gateway,
    provider,
    client,
    clientOf,
    transports,
    authCalls,
    search: () => clock.run(client.search("docs", QUERY)),
    asked: () => authCalls.map(({ method }) => method),
    /** The tokens that the gateway was sent, as the kinds and numbers that the press gave them. */
    sent: () => gateway.calls.map(({ headers }) => nameOf(headers.authorization ?? "")),
  };
}

function nameOf(authorization: string): string {
  const { kind, number } = JSON.parse(
    Buffer.from(authorization.split(".")[1] as string, "base64url").toString(),
  );
  return number === undefined ? kind : `${kind} ${number}`;
}

/** Some time after which a token of such a life is due for renewal, and still good. */
const LATE = 0.95;

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

describe("a token that a gateway refuses", () => {
  it("is replaced at once, and not by its own renewal", async () => {
    let refuse = 0;
    const used = bench({ gateway: () => (refuse-- > 0 ? REFUSED : undefined) });
    await used.search();
    refuse = 1;
    await used.search();
    expect(used.asked()).toEqual(["login", "login"]);
    expect(used.sent()).toEqual(["login 1", "login 1", "login 2"]);
  });

  it("is replaced once per call", async () => {
    const used = bench({ gateway: () => REFUSED });
    const error = await rejection(AuthenticationError, used.search());
    expect(error.attempts).toHaveLength(2);
    expect(used.sent()).toEqual(["login 1", "login 2"]);
  });
});

describe("calls that need a token at the same time", () => {
  it("get another one where what the first gets is what the others were refused", async () => {
    // Two logins within one second bring the same token.
    const stale = tokenOf({ kind: "stale" });
    let logins = 0;
    const used = bench({
      auth: () => (++logins === 1 ? reply({ jwtToken: stale, user: undefined }, { afterMs: 30 }) : undefined),
    });
    const { signal } = new AbortController();
    const ask = (refused: string | undefined) => used.provider({ signal, refused });
    const [first, second] = await used.clock.run(Promise.all([ask(undefined), ask(stale)]));
    expect(first).toMatchObject({ token: stale });
    expect(nameOf((second as { token: string }).token)).toBe("login 1");
    expect(used.asked()).toEqual(["login", "login"]);
  });

  it.each([true, false])(
    "share one login where promises are shared (%s) and where not",
    async (sharesPromises) => {
      const used = bench({ clock: { sharesPromises } });
      const searches = Array.from({ length: 20 }, () => used.client.search("docs", QUERY));
      await used.clock.run(Promise.all(searches));
      expect(used.asked()).toEqual(["login"]);
      expect(new Set(used.sent())).toEqual(new Set(["login 1"]));
      expect(used.clock.pendingTimers).toBe(0);
    },
  );

  it.each([true, false])(
    "share one replacement of a refused one: shared promises %s",
    async (sharesPromises) => {
      const used = bench({
        clock: { sharesPromises },
        gateway: ({ headers }) => (nameOf(headers.authorization ?? "") === "login 1" ? REFUSED : undefined),
      });
      const searches = Array.from({ length: 20 }, () => used.client.search("docs", QUERY));
      await used.clock.run(Promise.all(searches));
      expect(used.asked()).toEqual(["login", "login"]);
      expect(used.sent().filter((name) => name === "login 2")).toHaveLength(20);
    },
  );

  it("share one login among several clients with one provider", async () => {
    const used = bench();
    const other = used.clientOf(used.provider);
    await used.clock.run(Promise.all([used.client.search("docs", QUERY), other.search("docs", QUERY)]));
    await used.clock.run(used.clientOf(used.provider).search("docs", QUERY));
    expect(used.asked()).toEqual(["login"]);
  });

  it("fail together, with one login, when the password is wrong", async () => {
    const used = bench({
      clock: { sharesPromises: false },
      auth: () => fail("UNAUTHENTICATED", { message: "invalid password", afterMs: 30 }),
    });
    const searches = Array.from({ length: 20 }, () => used.client.search("docs", QUERY));
    const errors = await used.clock.run(
      Promise.all(searches.map((work) => rejection(AuthenticationError, work))),
    );
    expect(used.asked()).toEqual(["login"]);
    expect(new Set(errors.map(({ requestId }) => requestId)).size).toBe(20);
  });
});

describe("an auth service that fails", () => {
  it("gives an error of the call that needed the token, with its cause", async () => {
    const cause = new Error("ECONNREFUSED");
    const used = bench({
      auth: () => fail("UNAVAILABLE", { message: "no connection", cause, requestSent: "no" }),
    });
    const error = await rejection(AuthenticationError, used.search());
    expect(error).toMatchObject({ method: "Search", retryable: true, attempts: [] });
    expect(error.message).toContain(
      "there is no token from the auth service at auth.example: no connection [Login",
    );
    expect(error.cause).toMatchObject({ name: "UnavailableError", cause });
    expect(used.authCalls).toHaveLength(3);
  });

  it("by its limit says when to come back", async () => {
    const message = "rate limit exceeded. Please try again later.";
    const used = bench({ auth: () => fail("RESOURCE_EXHAUSTED", { message }) });
    const error = await rejection(AuthenticationError, used.search());
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 60_000 });
    expect(used.authCalls).toHaveLength(1);
  });

  it("by hanging is given up within the time for a token, and within that of the call", async () => {
    const used = bench({ auth: () => hang(), calls: { timeoutMs: 3_000 } });
    const start = used.clock.now();
    await rejection(AuthenticationError, used.search());
    expect(used.clock.now() - start).toBe(3_000);
    const call = used.client.search("docs", QUERY, { timeoutMs: 500 });
    await expect(used.clock.run(call)).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(used.clock.now() - start).toBe(3_500);
    expect(used.clock.pendingTimers).toBe(0);
  });

  it("has one time for all calls that a token takes", async () => {
    const used = bench({
      source: LOGIN_WITH_KEY,
      calls: { timeoutMs: 3_000 },
      auth: ({ method }) =>
        method === "login" ? reply({ jwtToken: FIRST_TOKEN, user: undefined }, { afterMs: 2_000 }) : hang(),
    });
    const start = used.clock.now();
    await rejection(AuthenticationError, used.search());
    expect(used.clock.now() - start).toBe(3_000);
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
