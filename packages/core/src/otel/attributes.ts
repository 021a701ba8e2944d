import type { CallInfo, CallResult } from "../call/observer.ts";
import { VectronError } from "../errors/vectron-error.ts";
import type { TelemetryAttributes } from "./api.ts";
import { readEndpoint } from "./endpoint.ts";

/**
 * The names are those of OpenTelemetry's stable semantic conventions, version
 * 1.45: https://opentelemetry.io/docs/specs/semconv/db/ and
 * https://opentelemetry.io/docs/specs/semconv/rpc/. Names of this package's own
 * begin with `vectron.`.
 */
const RPC_SYSTEMS: Readonly<Record<string, string>> = {
  grpc: "grpc",
  "grpc-web": "grpc",
  connect: "connectrpc",
};

/** What both spans and measurements know of a call when it begins. */
export function callAttributes({ method, collection, endpoint }: CallInfo): TelemetryAttributes {
  const { address, port } = readEndpoint(endpoint);
  return {
    "db.system.name": "vectron",
    "db.operation.name": method,
    ...(collection !== undefined && { "db.collection.name": collection }),
    "server.address": address,
    ...(port !== undefined && { "server.port": port }),
  };
}

/** What only spans know of a call when it begins. */
export function rpcAttributes({ service, method, transport, requestId }: CallInfo): TelemetryAttributes {
  const system = RPC_SYSTEMS[transport];
  return {
    ...(system !== undefined && { "rpc.system.name": system, "rpc.method": `${service}/${method}` }),
    "vectron.transport": transport,
    "vectron.request_id": requestId,
  };
}

/** What both know of how a call failed; nothing, when it succeeded. */
export function errorAttributes({ error }: Pick<CallResult, "error">): TelemetryAttributes {
  if (error === undefined) return {};
  if (!VectronError.isInstance(error)) return { "error.type": error.name };
  return { "error.type": error.code, "db.response.status_code": error.code };
}

/** The name of a call's span: the operation and what it is performed on. */
export function spanName({ method, collection, endpoint }: CallInfo): string {
  if (collection !== undefined) return `${method} ${collection}`;
  const { address, port } = readEndpoint(endpoint);
  return `${method} ${address}${port === undefined ? "" : `:${port}`}`;
}
