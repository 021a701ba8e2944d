import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { AuthClient, AuthenticationError, UnavailableError } from "../../src/index.ts";
import { fail, reply, type Script, ScriptedTransport } from "../../src/testing/index.ts";
import { rejection } from "../support.ts";
import { API_KEY, bench, CREDENTIALS, KEY, PROFILE, sentTokens, USER } from "./auth-client-bench.ts";
import { DAY_MS, tokenOf } from "./json-web-tokens.ts";

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
