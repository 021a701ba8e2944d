import { Engine } from "../engine/engine.ts";
import type { ParityOptions } from "../parity/parity-options.ts";
import { stockHandlers } from "../parity/strict-parity.ts";
import { createScanIndex } from "../scan/scan-index.ts";
import { vectronHandlers } from "../service/vectron-service.ts";
import { InProcessTransport } from "../transport/in-process-transport.ts";
import { callGuard } from "./call-guard.ts";
import { GrpcServer, hostAndPort } from "./grpc/grpc-server.ts";
import { resolveServerOptions } from "./resolve-options.ts";
import type { StartServerOptions, VectronServer } from "./server-options.ts";

/**
 * Starts a server on an engine in memory.
 *
 * @param parity - the figures of `strictParity`, for tests
 */
export async function listen(options: StartServerOptions, parity?: ParityOptions): Promise<VectronServer> {
  const resolved = resolveServerOptions(options);
  const engine = new Engine({ createIndex: createScanIndex });
  const backend = new InProcessTransport({
    handlers: resolved.strictParity ? stockHandlers(engine, parity) : vectronHandlers(engine),
    endpoint: "memory",
    copiesMessages: false,
    onClose: () => engine.close(),
  });
  const grpc = await GrpcServer.listen(resolved, callGuard(resolved), backend).catch(
    async (error: unknown) => {
      await backend.close();
      throw error;
    },
  );
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= grpc.close(resolved.drainTimeoutMs).then(() => backend.close());
    return closed;
  };
  return {
    grpcPort: grpc.port,
    grpcAddress: hostAndPort(resolved.host, grpc.port),
    close,
    [Symbol.asyncDispose]: close,
  };
}
