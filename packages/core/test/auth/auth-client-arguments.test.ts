import { describe, expect, it } from "vitest";
import { type AuthClient, InvalidArgumentError } from "../../src/index.ts";
import { rejection } from "../support.ts";
import { bench, CREDENTIALS } from "./auth-client-bench.ts";

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
