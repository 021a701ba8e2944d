// For Node, Bun and Deno: takes a job as its argument and prints a line for each
// case. It leaves the end to the runtime: one that never comes is a failure.
import { argv, stdout } from "node:process";
import { VectronClient } from "@vectron/node";
import { fetchConnectors } from "./fetch-connectors.ts";
import type { Job } from "./job.ts";
import { type Connectors, runJob } from "./run-job.ts";

const connectors: Connectors = {
  ...fetchConnectors,
  grpc: (options, host) => new VectronClient({ ...options, host }),
};

const job = JSON.parse(argv[2]!) as Job;
await runJob(job, connectors, (result) => stdout.write(`${JSON.stringify(result)}\n`));
