import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  AlreadyExistsError,
  AuthClient,
  type AuthClientOptions,
  AuthenticationError,
  InvalidArgumentError,
  NotFoundError,
  PermissionDeniedError,
  ResourceExhaustedError,
  UnavailableError,
} from "../../src/index.ts";
import { fail, reply, type Script, ScriptedTransport, VirtualClock } from "../../src/testing/index.ts";
import { rejection } from "../support.ts";
import { DAY_MS, tokenOf } from "./json-web-tokens.ts";

const USER = {
  id: "user-1",
  email: "ada@example.com",
  createdAt: "1735689600",
  plan: 1,
  subscriptionStatus: 1,
};
const PROFILE = {
  id: "user-1",
  email: "ada@example.com",
  createdAt: new Date("2025-01-01T00:00:00Z"),
  plan: "free",
  subscriptionStatus: "active",
};
const KEY = { keyPrefix: "vkey-12345678", userId: "user-1", createdAt: "1735689600", name: "ci" };
const API_KEY = { keyPrefix: "vkey-12345678", userId: "user-1", createdAt: PROFILE.createdAt, name: "ci" };
const CREDENTIALS = { email: "ada@example.com", password: "Corr3ct-horse" };
const LIMIT = "rate limit exceeded. Please try again later.";

function bench(script: Script, options: AuthClientOptions = {}) {
  const clock = new VirtualClock({ startMs: 0 });
  const transport = new ScriptedTransport(script, { runtime: clock, keepToken: true });
  return { clock, transport, auth: new AuthClient(transport, options, clock) };
}

type Bench = ReturnType<typeof bench>;

const sentTokens = ({ transport }: Bench) => transport.calls.map(({ headers }) => headers.authorization);

describe("what each call sends and returns", () => {
  it("register", async () => {
    const { auth, transport } = bench({ registerUser: [reply({ user: USER })] });
    expect(await auth.register({ email: " Ada@Example.COM ", password: "Corr3ct-horse" })).toEqual(PROFILE);
    expect(transport.calls[0]?.message).toEqual(CREDENTIALS);
  });

  it("login, with the email as it is stored and the password to the letter", async () => {
    const jwtToken = tokenOf({ iat: 1_000_000, exp: 1_000_000 + DAY_MS / 1_000 });
    const { auth, transport } = bench({ login: [reply({ jwtToken, user: USER })] });
    const result = await auth.login({ email: " Ada@Example.COM ", password: " Corr3ct " });
    expect(result).toEqual({ token: jwtToken, expiresAtMs: DAY_MS, user: PROFILE });
    expect(transport.calls[0]?.message).toEqual({ email: "ada@example.com", password: " Corr3ct " });
  });

  it("getUserProfile, with a plan and a status that this version does not know", async () => {
    const { auth } = bench({
      getUserProfile: [reply({ user: { ...USER, plan: 7, subscriptionStatus: 0 } })],
    });
    expect(await auth.getUserProfile()).toEqual({
      ...PROFILE,
      plan: undefined,
      subscriptionStatus: undefined,
    });
  });

  it("updateUserProfile", async () => {
    const jwtToken = tokenOf({ exp: 77 });
    const script: Script = {
      updateUserProfile: [reply({ user: { ...USER, plan: 2 }, jwtToken } as never)],
    };
    const { auth, transport } = bench(script);
    const result = await auth.updateUserProfile({ plan: "paid" });
    expect(result).toEqual({ token: jwtToken, expiresAtMs: 77_000, user: { ...PROFILE, plan: "paid" } });
    expect(transport.calls[0]?.message).toEqual({ plan: 2 });
  });

  it("createApiKey, listApiKeys, deleteApiKey", async () => {
    const { auth, transport } = bench({
      createApiKey: [reply({ fullKey: "vkey-12345678-rest", keyInfo: KEY })],
      listApiKeys: [reply({ keys: [KEY] })],
      deleteApiKey: [reply({ success: true })],
    });
    expect(await auth.createApiKey("ci")).toEqual({ ...API_KEY, fullKey: "vkey-12345678-rest" });
    expect(await auth.listApiKeys()).toEqual([API_KEY]);
    await auth.deleteApiKey("vkey-12345678");
    expect(transport.calls.map(({ message }) => message)).toEqual([
      { name: "ci" },
      {},
      { keyPrefix: "vkey-12345678" },
    ]);
  });

  it("validateApiKey", async () => {
    const { auth, transport } = bench({
      validateApiKey: [
        reply({ valid: true, userId: "user-1", plan: "FREE", apiKeyId: "vkey-12345678" }),
        reply({ valid: false, userId: "", plan: "", apiKeyId: "" }),
      ],
    });
    expect(await auth.validateApiKey("vkey-12345678-rest")).toEqual({
      valid: true,
      userId: "user-1",
      plan: "free",
      keyPrefix: "vkey-12345678",
    });
    expect(await auth.validateApiKey("vkey-99999999-rest")).toEqual({ valid: false });
    expect(await auth.validateApiKey("vkey-short")).toEqual({ valid: false });
    expect(transport.calls).toHaveLength(2);
  });

  it("createSdkToken", async () => {
    const sdkJwt = tokenOf({ iat: 50, exp: 50 + (7 * DAY_MS) / 1_000 });
    const { auth, transport } = bench({ createSdkJwt: [reply({ sdkJwt })] });
    const token = await auth.createSdkToken("vkey-12345678");
    expect(token).toEqual({ token: sdkJwt, expiresAtMs: 7 * DAY_MS });
    expect(transport.calls[0]?.message).toEqual({ apiKeyId: "vkey-12345678" });
  });
});

describe("whose token a call carries", () => {
  const SCRIPT: Script = ({ method }) =>
    ({
      registerUser: reply({ user: USER }),
      login: reply({ jwtToken: "t", user: USER }),
      validateApiKey: reply({ valid: false, userId: "", plan: "", apiKeyId: "" }),
      listApiKeys: reply({ keys: [] }),
    })[method as "login"];

  it("the client's own, or the one of the call", async () => {
    const used = bench(SCRIPT, { auth: "own-token" });
    await used.auth.listApiKeys();
    await used.auth.listApiKeys({ token: "another-token", timeoutMs: 50 });
    await used.auth.listApiKeys();
    expect(sentTokens(used)).toEqual(["Bearer own-token", "Bearer another-token", "Bearer own-token"]);
  });

  it("nobody's where none is needed, so that no provider is asked", async () => {
    const used = bench(SCRIPT, {
      auth: () => {
        throw new Error("asked");
      },
    });
    await used.auth.register(CREDENTIALS);
    await used.auth.login(CREDENTIALS);
    await used.auth.validateApiKey("vkey-12345678-rest");
    expect(sentTokens(used)).toEqual([undefined, undefined, undefined]);
  });

  it("that of the call is not renewed by the client's provider when it is refused", async () => {
    const asked: unknown[] = [];
    const used = bench(() => fail("UNAUTHENTICATED", { message: "invalid or expired token" }), {
      auth: (request) => {
        asked.push(request);
        return "own-token";
      },
    });
    await rejection(AuthenticationError, used.auth.listApiKeys({ token: "another-token" }));
    expect(sentTokens(used)).toEqual(["Bearer another-token"]);
    expect(asked).toEqual([]);
  });
});

describe("arguments that are refused before anything is sent", () => {
  const CASES: readonly [string, (auth: AuthClient) => Promise<unknown>, string][] = [
    ["no credentials", (auth) => auth.login(undefined as never), "credentials must be an object"],
    ["no email", (auth) => auth.login({ email: " ", password: "secret-7" }), "credentials.email must be"],
    [
      "an email that is no text",
      (auth) => auth.login({ email: 5 as never, password: "secret-7" }),
      "credentials.email",
    ],
    ["no password", (auth) => auth.login({ email: "a@b.co", password: "" }), "credentials.password must be"],
    [
      "a password that is no text",
      (auth) => auth.login({ email: "a@b.co", password: 1234567 as never }),
      "credentials.password",
    ],
    ["more than credentials", (auth) => auth.login({ ...CREDENTIALS, otp: 1 } as never), 'no option "otp"'],
    [
      "a password too long to be hashed",
      (auth) => auth.register({ email: "a@b.co", password: "ä".repeat(37) }),
      "no longer than 72 bytes in UTF-8, got 74",
    ],
    [
      "a plan that is none",
      (auth) => auth.updateUserProfile({ plan: "gold" as never }),
      'plan must be one of "free", "paid"',
    ],
    ["a key without a name", (auth) => auth.createApiKey(""), "name must be a non-empty string"],
    [
      "a whole key for its prefix",
      (auth) => auth.createSdkToken("vkey-12345678-rest-1234567"),
      "the key's prefix, its first 13 characters",
    ],
    [
      "a whole key to be deleted",
      (auth) => auth.deleteApiKey("vkey-12345678-rest-1234567"),
      "the key's prefix",
    ],
    ["no key", (auth) => auth.validateApiKey(1234567 as never), "fullKey must be"],
    [
      "a token with a prefix",
      (auth) => auth.listApiKeys({ token: "Bearer 1234567" }),
      "options.token must be the bare token",
    ],
    [
      "an option that is none",
      (auth) => auth.listApiKeys({ tokn: "1234567" } as never),
      'options has no option "tokn"',
    ],
    ["options that are none", (auth) => auth.listApiKeys(null as never), "options must be an object"],
  ];

  it.each(CASES)("%s", async (_what, call, text) => {
    const { auth, transport } = bench([]);
    const error = await rejection(InvalidArgumentError, call(auth));
    expect(error.message).toContain(text);
    expect(error.message).not.toMatch(/1234567(?!8)|secret-7/);
    expect(transport.calls).toEqual([]);
  });

  it.each([{ expectedDimension: 4 }, { hots: "x" }, { apiKey: "a", auth: "b" }])(
    "an option of the constructor: %j",
    (options) => {
      expect(() => bench([], options as never)).toThrow(InvalidArgumentError);
    },
  );
});

describe("failures", () => {
  const CASES: readonly [
    string,
    Script,
    (auth: AuthClient) => Promise<unknown>,
    Parameters<typeof rejection>[0],
    string,
  ][] = [
    [
      "no such account",
      { login: [fail("NOT_FOUND", { message: "user not found" })] },
      (auth) => auth.login(CREDENTIALS),
      NotFoundError,
      "user not found",
    ],
    [
      "a wrong password",
      { login: [fail("UNAUTHENTICATED", { message: "invalid password" })] },
      (auth) => auth.login(CREDENTIALS),
      AuthenticationError,
      "invalid password",
    ],
    [
      "a registration that fails in the store, with the store's words",
      {
        registerUser: [
          fail("ALREADY_EXISTS", { message: "failed to register user: etcdserver: request timed out" }),
        ],
      },
      (auth) => auth.register(CREDENTIALS),
      AlreadyExistsError,
      "failed to register user: etcdserver: request timed out",
    ],
    [
      "no such key",
      { deleteApiKey: [fail("PERMISSION_DENIED", { message: "failed to delete key: key not found" })] },
      (auth) => auth.deleteApiKey("vkey-1"),
      NotFoundError,
      "the API key does not exist",
    ],
    [
      "another user's key",
      {
        deleteApiKey: [
          fail("PERMISSION_DENIED", {
            message: "failed to delete key: user does not have permission to delete this key",
          }),
        ],
      },
      (auth) => auth.deleteApiKey("vkey-1"),
      PermissionDeniedError,
      "does not have permission",
    ],
    [
      "a raw key as the token",
      { listApiKeys: [fail("UNAUTHENTICATED", { message: "invalid or expired token" })] },
      (auth) => auth.listApiKeys({ token: "vkey-raw" }),
      AuthenticationError,
      "auth: sdkToken({ authHost",
    ],
  ];

  it.each(CASES)("%s", async (_what, script, call, errorClass, text) => {
    const { auth, transport } = bench(script);
    const error = await rejection(errorClass, call(auth));
    expect(error.message).toContain(text);
    expect(transport.calls).toHaveLength(1);
  });

  it("a limit fails at once where its minute does not fit into the call's time", async () => {
    const { auth, clock, transport } = bench({ login: [fail("RESOURCE_EXHAUSTED", { message: LIMIT })] });
    const error = await rejection(ResourceExhaustedError, auth.login(CREDENTIALS));
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 60_000 });
    expect(clock.now()).toBe(0);
    expect(transport.calls).toHaveLength(1);
  });

  it("a limit is waited for where there is time, even by calls that are not repeated otherwise", async () => {
    const { auth, clock } = bench({
      createApiKey: [
        fail("RESOURCE_EXHAUSTED", { message: LIMIT }),
        reply({ fullKey: "vkey-12345678-rest", keyInfo: KEY }),
      ],
    });
    expect(await clock.run(auth.createApiKey("ci", { timeoutMs: 70_000 }))).toMatchObject(API_KEY);
    expect(clock.now()).toBe(60_000);
  });

  it("an ambiguous registration or key is not repeated, and says so", async () => {
    const calls: ((auth: AuthClient) => Promise<unknown>)[] = [
      (auth) => auth.register(CREDENTIALS),
      (auth) => auth.createApiKey("ci"),
    ];
    for (const call of calls) {
      const { auth, clock, transport } = bench(() => fail("UNAVAILABLE"));
      const error = await rejection(UnavailableError, clock.run(call(auth)));
      expect(error.retryable).toBe(false);
      expect(transport.calls).toHaveLength(1);
    }
  });

  it("an ambiguous login or SDK token is asked for again", async () => {
    const sdkJwt = tokenOf({});
    const { auth, clock } = bench({
      login: [fail("UNAVAILABLE"), reply({ jwtToken: sdkJwt, user: USER })],
      createSdkJwt: [fail("UNAVAILABLE"), reply({ sdkJwt })],
    });
    expect(await clock.run(auth.login(CREDENTIALS))).toMatchObject({ token: sdkJwt });
    expect(await clock.run(auth.createSdkToken("vkey-1"))).toEqual({ token: sdkJwt });
  });
});

describe("a deletion whose answer was lost", () => {
  const LOST = fail("UNAVAILABLE");
  const remove = (script: Script) => {
    const used = bench(script, { auth: "own-token" });
    const work = used.auth.deleteApiKey("vkey-12345678", { token: "another-token" });
    return { ...used, work: used.clock.run(work) };
  };

  it("has succeeded when the key is gone, as its user sees it", async () => {
    const used = remove({ deleteApiKey: [LOST], listApiKeys: [reply({ keys: [] })] });
    await used.work;
    expect(sentTokens(used)).toEqual(["Bearer another-token", "Bearer another-token"]);
  });

  it("is repeated when the key is there", async () => {
    const used = remove({
      deleteApiKey: [LOST, reply({ success: true })],
      listApiKeys: [reply({ keys: [KEY] })],
    });
    await used.work;
    expect(used.transport.unusedSteps).toEqual([]);
  });

  it("fails as it did when nobody can tell", async () => {
    const used = remove({ deleteApiKey: [LOST], listApiKeys: [LOST] });
    expect(await rejection(UnavailableError, used.work)).toMatchObject({ retryable: false });
  });
});

describe("credentials", () => {
  it("are in nothing that a failed call leaves behind", async () => {
    const { password } = CREDENTIALS;
    const logged: unknown[] = [];
    const log = (...parts: unknown[]) => void logged.push(parts);
    const cause = Object.assign(new Error(`cannot post ${password}`), { body: `password=${password}` });
    const { auth, clock } = bench(
      () => fail("UNAVAILABLE", { message: `no ${password}`, metadata: { "x-echo": password }, cause }),
      { logger: { debug: log, warn: log, error: log } },
    );
    const error = await rejection(UnavailableError, clock.run(auth.login(CREDENTIALS)));
    const printed = [error, logged, auth].flatMap((value) => [
      inspect(value, { depth: 20, showHidden: true }),
      JSON.stringify(value),
    ]);
    expect(printed.join()).not.toContain(password);
    expect(error.message).toContain("no [token]");
  });

  it("in clear text to another host are warned of, once, when they are first sent", async () => {
    const warnings: unknown[][] = [];
    const warn = (...parts: unknown[]) => void warnings.push(parts);
    const open = (insecure: boolean) =>
      new AuthClient(
        new ScriptedTransport(() => reply({ keys: [] }), {
          capabilities: { insecure, endpoint: "auth.example" },
        }),
        { logger: { warn } },
      );
    await open(false).listApiKeys();
    const client = open(true);
    expect(warnings).toEqual([]);
    await client.listApiKeys();
    await client.listApiKeys();
    expect(warnings).toEqual([
      ["passwords and tokens are sent in clear text to another host: use TLS", { endpoint: "auth.example" }],
    ]);
  });
});
