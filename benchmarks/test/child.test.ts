import { afterEach, expect, it } from "vitest";
import { Child } from "../src/harness/child.ts";

const ECHO = new URL("./support/echo.mjs", import.meta.url);
const started: Child[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) await child.stop();
});

async function startEcho(setup: unknown) {
  const { child, ready } = await Child.start<unknown>(ECHO, setup);
  started.push(child);
  return { child, ready };
}

it("answers its setup first, then each message", async () => {
  const { child, ready } = await startEcho("setup");
  expect(ready).toBe("setup");
  expect(await child.ask("again")).toBe("again");
});

it("rejects with what failed in the process, which goes on", async () => {
  const { child } = await startEcho("setup");
  await expect(child.ask("fail")).rejects.toThrow("told to fail");
  expect(await child.ask("still here")).toBe("still here");
});

it("rejects when the process ends without an answer", async () => {
  const { child } = await startEcho("setup");
  await expect(child.ask("exit")).rejects.toThrow("ended without an answer");
});
