import type { Fault } from "../fault.ts";
import type { MethodCase } from "../methods/method-case.ts";

const impossibleFor = ({ anonymous }: MethodCase) => (anonymous ? "the call carries no token" : undefined);

export const expiredToken: Fault = {
  name: "expired token, renewed",
  happens: "The token has expired, and the provider has a fresh one.",
  impossibleFor,
  stage: async ({ port, token, expiredToken: old }) => ({
    address: `127.0.0.1:${port}`,
    options: { auth: ({ refused }) => (refused === undefined ? old : token) },
    close: async () => {},
  }),
  promises: [{ ends: "ok", attempts: ["UNAUTHENTICATED sent", "OK"] }],
};

export const expiredTokenForGood: Fault = {
  name: "expired token",
  happens: "The token has expired, and there is no other.",
  impossibleFor,
  stage: async ({ port, expiredToken: old }) => ({
    address: `127.0.0.1:${port}`,
    options: { auth: old },
    close: async () => {},
  }),
  promises: [{ ends: "AuthenticationError", attempts: ["UNAUTHENTICATED sent"] }],
};
