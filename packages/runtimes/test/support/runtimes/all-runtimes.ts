import type { RuntimeName } from "../../../src/job.ts";
import { chromiumRuntime } from "./chromium-runtime.ts";
import { EXECUTABLES, processRuntime } from "./process-runtime.ts";
import type { Runtime } from "./runtime.ts";
import { workerdRuntime } from "./workerd-runtime.ts";

/** Every runtime that the suite runs in. */
export const runtimes: Readonly<Record<RuntimeName, Runtime>> = {
  node20: processRuntime(EXECUTABLES.node20),
  node22: processRuntime(EXECUTABLES.node22),
  node24: processRuntime(EXECUTABLES.node24),
  bun: processRuntime(EXECUTABLES.bun),
  deno: processRuntime(EXECUTABLES.deno),
  workerd: workerdRuntime,
  chromium: chromiumRuntime,
};
