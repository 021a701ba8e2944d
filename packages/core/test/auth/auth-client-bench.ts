import { AuthClient, type AuthClientOptions } from "../../src/index.ts";
import { type Script, ScriptedTransport, VirtualClock } from "../../src/testing/index.ts";

export const USER = {
  id: "user-1",
  email: "ada@example.com",
  createdAt: "1735689600",
  plan: 1,
  subscriptionStatus: 1,
};

export const PROFILE = {
  id: "user-1",
  email: "ada@example.com",
  createdAt: new Date("2025-01-01T00:00:00Z"),
  plan: "free",
  subscriptionStatus: "active",
};

export const KEY = { keyPrefix: "vkey-12345678", userId: "user-1", createdAt: "1735689600", name: "ci" };

export const API_KEY = {
  keyPrefix: "vkey-12345678",
  userId: "user-1",
  createdAt: PROFILE.createdAt,
  name: "ci",
};

export const CREDENTIALS = { email: "ada@example.com", password: "Corr3ct-horse" };

export function bench(script: Script, options: AuthClientOptions = {}) {
  const clock = new VirtualClock({ startMs: 0 });
  const transport = new ScriptedTransport(script, { runtime: clock, keepToken: true });
  return { clock, transport, auth: new AuthClient(transport, options, clock) };
}

export type Bench = ReturnType<typeof bench>;

export const sentTokens = ({ transport }: Bench) =>
  transport.calls.map(({ headers }) => headers.authorization);
