import { openMemory } from "@vectron/local/memory";
import { expect, test } from "vitest";
import * as assert from "../src/assert/assert.ts";
import type { CaseContext, ConformanceCase } from "../src/conformance-case.ts";
import { type CaseResult, runSuite, type SuiteOptions } from "../src/suite.ts";
import type { ConformanceTarget } from "../src/target.ts";

const target: ConformanceTarget = { name: "memory", capabilities: ["strong-reads"], connect: openMemory };

function caseOf(
  id: string,
  run: (context: CaseContext) => Promise<void>,
  more: Partial<ConformanceCase> = {},
): ConformanceCase {
  return { id, title: id, run, ...more };
}

const passes = caseOf("topic/passes", async () => undefined);
const fails = caseOf("topic/fails", async () => assert.equal(1, 2, "count"));

async function statuses(
  cases: readonly ConformanceCase[],
  options: SuiteOptions = {},
): Promise<CaseResult[]> {
  return runSuite(target, { cases, gaps: [], ...options });
}

test("a case passes or fails, and the failure says why", async () => {
  const [first, second] = await statuses([passes, fails]);
  expect(first).toEqual({ id: "topic/passes", status: "passed" });
  expect(second).toMatchObject({
    id: "topic/fails",
    status: "failed",
    error: { name: "AssertionError", message: "count: expected 2, got 1" },
  });
  expect(structuredClone(second)).toEqual(second);
});

test("results are reported one by one, and `only` chooses by id or topic", async () => {
  const cases = [passes, caseOf("topic/other", passes.run), caseOf("topical/other", passes.run)];
  const reported: string[] = [];
  await runSuite(target, { cases, gaps: [], only: ["topic"], onResult: ({ id }) => reported.push(id) });
  expect(reported).toEqual(["topic/passes", "topic/other"]);
  expect((await runSuite(target, { cases, gaps: [], only: ["topical/other"] })).map(({ id }) => id)).toEqual([
    "topical/other",
  ]);
});

test("a case is skipped where the target lacks what it needs, and says what", async () => {
  const [result] = await statuses([
    caseOf("topic/streams", fails.run, { needs: ["strong-reads", "streaming", "auth"] }),
  ]);
  expect(result).toEqual({
    id: "topic/streams",
    status: "skipped",
    reason: "the target lacks: streaming, auth",
  });
});

test("a known gap is skipped with its reason, and one that passes is a failure", async () => {
  const gaps = [
    { target: "memory", id: "topic/fails", reason: "count is wrong" },
    { id: "topic/passes", reason: "was wrong once" },
    { target: "another", id: "topic/other", reason: "not this target's" },
  ];
  const [failing, passing, other] = await statuses([fails, passes, caseOf("topic/other", fails.run)], {
    gaps,
  });
  expect(failing).toEqual({ id: "topic/fails", status: "skipped", reason: "known gap: count is wrong" });
  expect(passing).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("was wrong once") },
  });
  expect(other).toMatchObject({ status: "failed" });
});

test("a gap without a case and a capability without a meaning are mistakes", async () => {
  await expect(
    statuses([passes], { gaps: [{ target: "another", id: "topic/gone", reason: "x" }] }),
  ).rejects.toThrow("topic/gone");
  const odd = { ...target, capabilities: ["flying" as never] };
  await expect(runSuite(odd, { cases: [passes], gaps: [] })).rejects.toThrow("flying");
});

test("a case that hangs fails", async () => {
  const hangs = caseOf("topic/hangs", () => new Promise(() => undefined));
  const [result, next] = await statuses([hangs, passes], { caseTimeoutMs: 10 });
  expect(result).toMatchObject({ status: "failed", error: { message: "the case did not end within 10 ms" } });
  expect(next?.status).toBe("passed");
});

test("what a case leaves behind is cleaned up: its collections and its clients", async () => {
  const shared = openMemory();
  const sharing: ConformanceTarget = { ...target, connect: () => shared };
  let name = "";
  const leaves = caseOf("topic/leaves", async (context) => {
    name = context.collectionName();
    await context.client.createCollection({ name, dimension: 2 });
    throw new Error("the case fails half-way");
  });
  let listed: string[] = [];
  const looks = caseOf("topic/looks", async ({ client }) => {
    listed = await client.listCollections();
  });
  const results = await runSuite(sharing, { cases: [leaves, looks], gaps: [] });
  expect(results.map(({ status }) => status)).toEqual(["failed", "passed"]);
  expect(name).not.toBe("");
  expect(listed).toEqual([]);
  await expect(shared.listCollections()).rejects.toThrow("closed");
});

test("a case that leaves what cannot be cleaned up fails", async () => {
  const client = openMemory();
  const stubborn: ConformanceTarget = {
    ...target,
    connect: () =>
      Object.assign(client, { deleteCollection: () => Promise.reject(new Error("it is locked")) }),
  };
  const named = caseOf("topic/named", async (context) => void context.collectionName());
  const [result] = await runSuite(stubborn, { cases: [named], gaps: [] });
  expect(result).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("it is locked") },
  });
});

test("where searches lag, a check is repeated until it holds, and an error that is no failed check ends it", async () => {
  const lagging = { ...target, capabilities: [] };
  let tries = 0;
  const late = caseOf("topic/late", (context) =>
    context.eventually(async () => assert.ok(++tries > 2, "not yet")),
  );
  const broken = caseOf("topic/broken", (context) =>
    context.eventually(() => Promise.reject(new TypeError("broken"))),
  );
  const [first, second] = await runSuite(lagging, { cases: [late, broken], gaps: [] });
  expect(first?.status).toBe("passed");
  expect(tries).toBe(3);
  expect(second).toMatchObject({ status: "failed", error: { name: "TypeError" } });
  // Where they do not lag, the first check is the last.
  tries = 0;
  const [strict] = await statuses([late]);
  expect(strict?.status).toBe("failed");
  expect(tries).toBe(1);
});
