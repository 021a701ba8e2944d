// Runs modules one after the other, in a thread of its own that ends by itself once it is told that no more
// come, unless one of them has left something open.
import { format } from "node:util";
import { parentPort } from "node:worker_threads";

parentPort.on("message", async (job) => {
  if (job === "end") return parentPort.close();
  const printed = [];
  console.log = (...values) => printed.push(format(...values));
  Object.assign(process.env, job.env);
  try {
    await import(job.file);
    parentPort.postMessage({ printed: printed.join("\n") });
  } catch (error) {
    parentPort.postMessage({ error });
  }
});
