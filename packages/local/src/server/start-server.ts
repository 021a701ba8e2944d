import type { StartServerOptions, VectronServer } from "./server-options.ts";

/**
 * Starts a server that any Vectron client can call, on an engine in memory. What
 * it needs beyond this package, `@grpc/grpc-js`, is loaded now.
 *
 * @example
 * const server = await startServer({ grpcPort: 8081, apiKey: "secret" });
 * await server.close();
 *
 * @throws InvalidArgumentError for an option that is wrong or not known
 * @throws ListenError when the port is not to be had
 */
export async function startServer(options: StartServerOptions = {}): Promise<VectronServer> {
  const { listen } = await loadServer();
  return listen(options);
}

async function loadServer() {
  try {
    return await import("./server.ts");
  } catch (error) {
    if (!isModuleMissing(error)) throw error;
    throw new Error('startServer needs the optional dependency "@grpc/grpc-js": install it', {
      cause: error,
    });
  }
}

function isModuleMissing(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
