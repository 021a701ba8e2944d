import { loadOptional } from "./load-optional.ts";
import type { StartServerOptions, VectronServer } from "./server-options.ts";

const PACKAGES = ["@grpc/grpc-js", "@bufbuild/protobuf"];

/**
 * Starts a server that any Vectron client can call, on an engine in memory, on
 * one in the directory `path` or, with `upstream`, as a bridge to a gateway. What it
 * needs beyond this package is optional and loaded now: `@grpc/grpc-js` and
 * `@bufbuild/protobuf`; with `path`, `lmdb`; with `httpPort`, `@connectrpc/connect` and
 * `@connectrpc/connect-node`; with `metrics`, `prom-client`; with `upstream`, `@vectron/node`.
 *
 * @example
 * const server = await startServer({ grpcPort: 8081, httpPort: 8080, apiKey: "secret" });
 * await server.close();
 *
 * @throws InvalidArgumentError for an option that is wrong or not known
 * @throws FailedPreconditionError, DataLossError or PermissionDeniedError when the
 * directory cannot be opened, as `openVectron` does
 * @throws ListenError when a port is not to be had
 */
export async function startServer(options: StartServerOptions = {}): Promise<VectronServer> {
  const { listen } = await loadOptional(() => import("./server.ts"), "startServer", PACKAGES);
  return listen(options);
}
