import { openMemory } from "@vectron/local/memory";
import { VectronClient } from "@vectron/web";
import type { Connect, Connectors } from "./run-job.ts";

/** What runs wherever there is `fetch`. */
export const fetchConnectors: Connectors = {
  json: overFetch("json"),
  "grpc-web": overFetch("grpc-web"),
  connect: overFetch("connect"),
  "in-process": (options) => openMemory(options),
};

function overFetch(protocol: "json" | "grpc-web" | "connect"): Connect {
  return (options, baseUrl) => new VectronClient({ ...options, baseUrl, protocol });
}
