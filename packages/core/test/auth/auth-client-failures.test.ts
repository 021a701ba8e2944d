import { describe, expect, it } from "vitest";
import {
  AlreadyExistsError,
  type AuthClient,
  AuthenticationError,
  NotFoundError,
  PermissionDeniedError,
  ResourceExhaustedError,
  UnavailableError,
} from "../../src/index.ts";
import { fail, reply, type Script } from "../../src/testing/index.ts";
import { rejection } from "../support.ts";
import { API_KEY, bench, CREDENTIALS, KEY, sentTokens, USER } from "./auth-client-bench.ts";
import { tokenOf } from "./json-web-tokens.ts";

const LIMIT = "rate limit exceeded. Please try again later.";

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
