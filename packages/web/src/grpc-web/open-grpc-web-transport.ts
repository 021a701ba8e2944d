import { createGrpcWebTransport as createConnectWebTransport } from "@connectrpc/connect-web";
import type { Transport } from "@vectron/core";
import { grpcTimeout } from "../http/grpc-timeout.ts";
import type { HttpSettings } from "../options/http-options.ts";
import type { RpcProtocol } from "../rpc/rpc-protocol.ts";
import { RpcTransport } from "../rpc/rpc-transport.ts";

const grpcWeb: RpcProtocol = {
  name: "grpc-web",
  label: "gRPC-Web",
  timeoutHeader: (remainingMs) => ({ "grpc-timeout": grpcTimeout(remainingMs) }),
  connect: (options) => createConnectWebTransport({ ...options, useBinaryFormat: true }),
  isReply: ({ headers }) => /^application\/grpc-web/.test(headers.get("content-type") ?? ""),
  // Its errors are replies too: trailers, with or without a message before them.
  isError: () => false,
  isFramed: () => true,
};

/** A transport that speaks gRPC-Web, from options that have been checked. */
export function openGrpcWebTransport(settings: HttpSettings): Transport {
  return new RpcTransport(grpcWeb, settings);
}
