import { TransportFailure } from "@vectron/core";
import { describe, expect, test } from "vitest";
import { allCases } from "../src/cases/all-cases.ts";
import { type CaseResult, runSuite } from "../src/suite.ts";
import { defects } from "./support/defects.ts";
import { type Sabotage, SabotagedTransport } from "./support/sabotaged-transport.ts";
import { openGrpcThrough } from "./support/targets.ts";

/** Runs cases against a sound server through a transport with a defect. */
async function runThrough(sabotage: Sabotage, only?: readonly string[]): Promise<CaseResult[]> {
  const { target, close } = await openGrpcThrough((transport) => new SabotagedTransport(transport, sabotage));
  try {
    return await runSuite(target, { gaps: [], ...(only && { only }) });
  } finally {
    await close();
  }
}

function withStatus(results: readonly CaseResult[], status: CaseResult["status"]): string[] {
  return results.filter((result) => result.status === status).map(({ id }) => id);
}

test("the cases that must notice defects pass without one", async () => {
  const only = [...new Set(defects.flatMap(({ noticedBy }) => noticedBy))].sort();
  const results = await runThrough({}, only);
  expect(withStatus(results, "passed").sort()).toEqual(only);
});

describe("a defect is noticed", () => {
  test.each(defects)("$name", async ({ noticedBy, ...sabotage }) => {
    const results = await runThrough(sabotage, noticedBy);
    expect(withStatus(results, "failed").sort()).toEqual([...noticedBy].sort());
  });
});

/** What can be seen without a server, because nothing may be sent. */
const WITHOUT_SERVER = [
  /^invalid\//,
  /^deadlines\/(held-|abort-signal-timeout|client-default|ten-seconds|tells-interceptors|late-interceptor|token-in-time)/,
  /^cancellation\/(before-|during-|reason|in-an-interceptor|shared-signal)/,
  /^closing\/(unused|right-after-calls|held-calls|as-an-attempt-begins)/,
];

const WITHOUT_SERVER_BY_ID = [
  "bulk/nothing",
  "bulk/abort",
  "bulk/close",
  "bulkwriter/nothing",
  "bulkwriter/abort",
  "upsert/nothing",
  "upsert/over-large",
  "readiness/wait-out-of-time",
  "scores/similarity",
  "many/nothing",
  "handles/sends-nothing",
  "handles/dimension",
  "handles/schema-refuses-input",
  "interceptors/own-reply",
  "interceptors/own-failure",
  "auth/bad-token",
];

test("against a server that answers nothing, every case fails that looks at an answer", async () => {
  const dead: Sabotage = {
    unary: () =>
      Promise.reject(new TransportFailure("INTERNAL", "nobody is at home", { requestSent: "yes" })),
    stream: () => {
      throw new TransportFailure("INTERNAL", "nobody is at home", { requestSent: "yes" });
    },
  };
  const ids = new Set(allCases.map(({ id }) => id));
  expect(WITHOUT_SERVER_BY_ID.filter((id) => !ids.has(id))).toEqual([]);

  const passed = withStatus(await runThrough(dead), "passed");
  const unexpected = passed.filter(
    (id) => !WITHOUT_SERVER_BY_ID.includes(id) && !WITHOUT_SERVER.some((pattern) => pattern.test(id)),
  );
  expect(unexpected).toEqual([]);
});
