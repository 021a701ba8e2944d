import { createConnectTransport as createConnectWebTransport } from "@connectrpc/connect-web";
import type { Transport } from "@vectron/core";
import type { HttpSettings } from "../options/http-options.ts";
import type { RpcProtocol } from "../rpc/rpc-protocol.ts";
import { RpcTransport } from "../rpc/rpc-transport.ts";

const connect: RpcProtocol = {
  name: "connect",
  label: "Connect",
  timeoutHeader: (remainingMs) => ({ "connect-timeout-ms": String(Math.max(1, Math.ceil(remainingMs))) }),
  connect: (options) => createConnectWebTransport({ ...options, useBinaryFormat: true }),
  isReply: ({ ok, headers }) =>
    ok && /^application\/(connect\+)?proto\b/.test(headers.get("content-type") ?? ""),
  isError,
  isFramed: ({ kind }) => kind === "server-stream",
};

/** Connect's errors are JSON with the code as a word; a stock gateway's have it as a number. */
function isError(body: string): boolean {
  try {
    return typeof (JSON.parse(body) as { code?: unknown }).code === "string";
  } catch {
    return false;
  }
}

/** A transport that speaks the Connect protocol, from options that have been checked. */
export function openConnectTransport(settings: HttpSettings): Transport {
  return new RpcTransport(connect, settings);
}
