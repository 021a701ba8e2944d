import type { MethodDescriptor } from "@vectron/core";
import { sendRequest } from "../http/send-request.ts";
import { readErrorBody, statusFailure } from "../http/status-failure.ts";
import type { HttpSettings } from "../options/http-options.ts";
import { limitReply } from "./limit-reply.ts";
import type { RpcProtocol } from "./rpc-protocol.ts";

/**
 * The `fetch` that connect-web makes one call with. What connect-web would
 * misread or lose is settled here, by throwing a `TransportFailure`: failures of
 * the platform, responses that are not of the protocol, and replies over the limit.
 */
export function rpcFetch(
  protocol: RpcProtocol,
  settings: HttpSettings,
  method: MethodDescriptor<unknown, unknown>,
): typeof globalThis.fetch {
  return async (url, init = {}) => {
    const response = await sendRequest(settings, String(url), init);
    if (protocol.isReply(response)) {
      return limitReply(response, settings.maxReceiveBytes, protocol.isFramed(method));
    }
    const body = await readErrorBody(response);
    if (protocol.isError(body)) return new Response(body, response);
    throw statusFailure(response, body, {
      endpoint: settings.baseUrl.href,
      notServed: `${protocol.label} is not spoken there; a stock gateway speaks json only`,
    });
  };
}
