import type { RuntimeName } from "../../../src/job.ts";
import { chromiumRuntime } from "./chromium-runtime.ts";
import { processRuntime } from "./process-runtime.ts";
import type { Runtime } from "./runtime.ts";
import { workerdRuntime } from "./workerd-runtime.ts";

/** Every runtime that the suite runs in. */
export const runtimes: Readonly<Record<RuntimeName, Runtime>> = {
  node20: processRuntime({ title: "Node 20", file: process.execPath }),
  node22: processRuntime({ title: "Node 22", file: "node22/bin/node" }),
  node24: processRuntime({ title: "Node 24", file: "node24/bin/node" }),
  bun: processRuntime({ title: "Bun", file: "@oven/bun-linux-x64/bin/bun" }),
  deno: processRuntime({ title: "Deno", file: "@deno/linux-x64-glibc/deno", args: ["run", "-A"] }),
  workerd: workerdRuntime,
  chromium: chromiumRuntime,
};
