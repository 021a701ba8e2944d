// For workerd: a request brings a job, and the reply has a line for each case as it ends.
import { fetchConnectors } from "./fetch-connectors.ts";
import type { Job } from "./job.ts";
import { runJob } from "./run-job.ts";

const encoder = new TextEncoder();

function streamOf(job: Job): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      try {
        await runJob(job, fetchConnectors, (result) =>
          controller.enqueue(encoder.encode(`${JSON.stringify(result)}\n`)),
        );
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
}

// biome-ignore lint/style/noDefaultExport: a worker is its module's default export.
export default {
  async fetch(request: Request): Promise<Response> {
    return new Response(streamOf((await request.json()) as Job));
  },
};
