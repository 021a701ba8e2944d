import type { StartServerOptions, VectronServer } from "@vectron/local";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { listenForInterrupt } from "../../cli/interrupt.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { readPem } from "../../connect/resolve-target.ts";
import { ServeLog } from "./serve-log.ts";
import { snippet } from "./snippet.ts";

export interface ServeOptions {
  readonly path?: string;
  readonly grpcPort: number;
  readonly httpPort: number;
  /** False with `--no-http`. */
  readonly http: boolean;
  readonly listen: string;
  readonly apiKey?: string;
  readonly allowUnauthenticated?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly upstream?: string;
  readonly upstreamTls?: boolean;
  readonly upstreamCa?: string;
  readonly durability?: "sync" | "relaxed";
  readonly strictParity?: boolean;
  readonly rateLimit?: number;
  readonly metrics?: boolean;
  readonly log: "text" | "json";
}

/** `vectron serve`: until Ctrl-C. */
export async function run(context: Context, options: ServeOptions): Promise<number> {
  const log = new ServeLog(context.out, options.log === "json" || context.out.json);
  const interrupt = listenForInterrupt(() =>
    log.event("stopping", "stopping: calls in flight may end; Ctrl-C again ends them now"),
  );
  const settings = { ...toServerOptions(options, context.env), logger: log.logger };
  const { startServer } = await import("@vectron/local");
  const server = await startServer(settings);
  try {
    announce(log, server, settings);
    await aborted(interrupt.signal);
  } finally {
    await server.close();
  }
  log.event("stopped", "stopped");
  return EXIT.ok;
}

function toServerOptions(options: ServeOptions, env: NodeJS.ProcessEnv): StartServerOptions {
  const { tlsCert, tlsKey, upstream, upstreamTls, upstreamCa } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError("--tls-cert and --tls-key belong together");
  }
  const tls =
    tlsCert === undefined || tlsKey === undefined
      ? undefined
      : { cert: readPem("--tls-cert", tlsCert), key: readPem("--tls-key", tlsKey) };
  // A bridge leaves tokens to the gateway behind it.
  const apiKey = options.apiKey ?? (upstream === undefined ? env.VECTRON_API_KEY || undefined : undefined);
  const ca = upstreamCa === undefined ? undefined : readPem("--upstream-ca", upstreamCa);
  return {
    host: options.listen,
    grpcPort: options.grpcPort,
    httpPort: options.http ? options.httpPort : undefined,
    path: options.path,
    durability: options.durability,
    tls,
    apiKey,
    allowUnauthenticated: options.allowUnauthenticated,
    upstream,
    upstreamTls: ca === undefined ? upstreamTls : { rootCertificates: ca },
    strictParity: options.strictParity,
    rateLimit: options.rateLimit,
    metrics: options.metrics,
  };
}

function announce(log: ServeLog, server: VectronServer, settings: StartServerOptions): void {
  const { grpcAddress, httpUrl } = server;
  const { upstream, path, apiKey, tls } = settings;
  const what =
    upstream !== undefined
      ? `a bridge to ${upstream}`
      : path !== undefined
        ? `collections kept in ${path}`
        : "collections in memory only: gone when the server stops (--path keeps them)";
  const token =
    apiKey !== undefined ? "asked for" : upstream !== undefined ? "left to the gateway" : "not asked for";
  const lines = [
    `Vectron is listening: ${what}`,
    `  gRPC   ${grpcAddress}${tls ? " (TLS)" : ""}`,
    ...(httpUrl === undefined ? [] : [`  HTTP   ${httpUrl}  (JSON, Connect, gRPC-Web)`]),
    `  token  ${token}`,
    "",
    snippet({ server, hasToken: apiKey !== undefined || upstream !== undefined, hasTls: tls !== undefined }),
    "",
    "Ctrl-C stops it.",
  ];
  log.event("listening", lines.join("\n"), { grpcAddress, httpUrl, upstream, path, tls: tls !== undefined });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
