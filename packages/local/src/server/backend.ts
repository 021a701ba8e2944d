import type { Transport } from "@vectron/core";
import type { Engine } from "../engine/engine.ts";
import type { ParityOptions } from "../parity/parity-options.ts";
import { stockHandlers } from "../parity/strict-parity.ts";
import { vectronHandlers } from "../service/vectron-service.ts";
import { openEngine } from "../storage/open-engine.ts";
import { InProcessTransport } from "../transport/in-process-transport.ts";
import { loadOptional } from "./load-optional.ts";
import type { Holdings } from "./monitor/metrics.ts";
import type { ResolvedServerOptions } from "./resolve-options.ts";

/** What answers a server's calls. */
export interface Backend {
  readonly transport: Transport;
  /** How much the engine holds. Undefined for a bridge. */
  readonly holdings: (() => Holdings) | undefined;
}

/**
 * What answers a server's calls: the gateway behind a bridge, or an engine of its own.
 *
 * @param parity - the figures of `strictParity`, for tests
 */
export async function openBackend(
  options: ResolvedServerOptions,
  parity: ParityOptions | undefined,
): Promise<Backend> {
  const { upstream } = options;
  if (upstream === undefined) return openEmbedded(options, parity);
  const load = () => import("./bridge/upstream-transport.ts");
  const { openUpstream } = await loadOptional(load, "startServer with upstream", ["@vectron/node"]);
  return { transport: openUpstream(upstream, options), holdings: undefined };
}

async function openEmbedded(
  { strictParity, storage, logger }: ResolvedServerOptions,
  parity: ParityOptions | undefined,
): Promise<Backend> {
  const engine = await openEngine(storage, logger);
  const transport = new InProcessTransport({
    handlers: strictParity ? stockHandlers(engine, parity) : vectronHandlers(engine),
    endpoint: storage.path ?? "memory",
    copiesMessages: false,
    onClose: () => engine.close(),
  });
  return { transport, holdings: () => holdingsOf(engine) };
}

function holdingsOf(engine: Engine): Holdings {
  const names = engine.collectionNames();
  const points = names.reduce((sum, name) => sum + (engine.collection(name)?.size ?? 0), 0);
  return { collections: names.length, points };
}
