import { type ConnectionFault, startFaultProxy } from "@vectron/fixtures";
import type { SharedOptions } from "../clients.ts";
import type { Fault, StagedCell } from "../fault.ts";

/** Puts a proxy before the server whose first connection has the fault, or every one. */
export function onConnections(
  which: "first" | "every",
  fault: ConnectionFault,
  options?: SharedOptions,
): Fault["stage"] {
  return async ({ port }: StagedCell) => {
    const faultOf = (connection: number): ConnectionFault =>
      which === "every" || connection === 0 ? fault : { kind: "none" };
    const proxy = await startFaultProxy({ port, faultOf });
    return { address: proxy.address, options, close: () => proxy.close() };
  };
}
