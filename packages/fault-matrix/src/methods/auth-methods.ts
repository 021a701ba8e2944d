import assert from "node:assert/strict";
import type { AuthClient } from "@vectron/core";
import type { MethodCase, Repetition } from "./method-case.ts";

const PASSWORD = "Correct-Horse-1";
const ANONYMOUS = ["login", "validateApiKey"];

/** The methods of `AuthClient`. */
export const authMethods: readonly MethodCase[] = [
  {
    name: "AuthClient.register",
    service: "auth",
    repetition: "never",
    anonymous: true,
    arrange: async ({ auth: direct }, id) => ({
      call: async ({ auth }, options) => {
        assert.equal((await auth.register(credentialsOf(id), options)).email, emailOf(id));
      },
      check: async () => assert.ok((await direct.login(credentialsOf(id))).token),
    }),
  },
  asUser("login", "harmless", async ({ auth, id, options }) => {
    assert.equal((await auth.login(credentialsOf(id), options)).user.email, emailOf(id));
  }),
  asUser("getUserProfile", "harmless", async ({ auth, id, options }) => {
    assert.equal((await auth.getUserProfile(options)).email, emailOf(id));
  }),
  asUser("updateUserProfile", "harmless", async ({ auth, options }) => {
    assert.equal((await auth.updateUserProfile({ plan: "paid" }, options)).user.plan, "paid");
  }),
  asUser("createApiKey", "never", async ({ auth, options }) => {
    assert.ok((await auth.createApiKey("another key", options)).keyPrefix);
  }),
  asUser("listApiKeys", "harmless", async ({ auth, options }) => {
    assert.equal((await auth.listApiKeys(options)).length, 1);
  }),
  asUser("deleteApiKey", "after a look", async ({ auth, key, options }) => {
    await auth.deleteApiKey(key.keyPrefix, options);
  }),
  asUser("validateApiKey", "harmless", async ({ auth, key, options }) => {
    assert.ok((await auth.validateApiKey(key.fullKey, options)).valid);
  }),
  asUser("createSdkToken", "harmless", async ({ auth, key, options }) => {
    assert.ok((await auth.createSdkToken(key.keyPrefix, options)).token);
  }),
];

interface UserCall {
  readonly auth: AuthClient;
  readonly id: string;
  /** The one key that the user has. */
  readonly key: { readonly keyPrefix: string; readonly fullKey: string };
  readonly options: Parameters<AuthClient["listApiKeys"]>[0];
}

/** A call in the name of a user who has an account and one key. */
function asUser(name: string, repetition: Repetition, call: (call: UserCall) => Promise<void>): MethodCase {
  return {
    name: `AuthClient.${name}`,
    service: "auth",
    repetition,
    anonymous: ANONYMOUS.includes(name),
    async arrange({ auth: direct }, id) {
      await direct.register(credentialsOf(id));
      const { token } = await direct.login(credentialsOf(id));
      const key = await direct.createApiKey("the key", { token });
      return {
        token,
        call: ({ auth }, options) => call({ auth, id, key, options }),
        check: async () => {
          const { length } = await direct.listApiKeys({ token });
          assert.equal(length, { createApiKey: 2, deleteApiKey: 0 }[name] ?? 1);
        },
      };
    },
  };
}

function emailOf(id: string): string {
  return `${id}@example.com`;
}

function credentialsOf(id: string): { email: string; password: string } {
  return { email: emailOf(id), password: PASSWORD };
}
