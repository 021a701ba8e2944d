import type { TransportCall } from "@vectron/core";
import { buildPath, vectronService } from "@vectron/core/wire";
import { encoded } from "../http/encoded.ts";
import { grpcTimeout } from "../http/grpc-timeout.ts";
import { notSent } from "../http/not-sent.ts";
import { crossesOrigins } from "../http/page-origin.ts";
import { requestHeaders } from "../http/request-headers.ts";
import type { JsonApi } from "./json-api.ts";
import type { JsonSettings } from "./json-options.ts";

/** A call as an HTTP request. */
export interface JsonRequest {
  readonly url: string;
  readonly init: RequestInit;
}

/**
 * Builds the request of a call.
 *
 * @throws TransportFailure when the call cannot be made over HTTP
 */
export function buildRequest<I, O>(
  call: TransportCall<I, O>,
  api: JsonApi,
  settings: JsonSettings,
): JsonRequest {
  const { method, message } = call;
  const route = api.routeOf(method);
  if (route === undefined) throw notSent("UNIMPLEMENTED", `${method.name} is not served over HTTP/JSON`);
  const path = addressable(() => buildPath(route, message));
  refuseUnreachable(call, api);
  return {
    url: settings.baseUrl.href + path,
    init: {
      method: route.httpMethod,
      headers: buildHeaders(call, settings, route.hasBody),
      body: route.hasBody ? encoded(method, () => api.codecOf(method).encodeRequest(message)) : null,
    },
  };
}

function buildHeaders<I, O>(
  { headers, deadline }: TransportCall<I, O>,
  settings: JsonSettings,
  hasBody: boolean,
): Record<string, string> {
  const isCrossOrigin = crossesOrigins(settings.baseUrl);
  return {
    ...requestHeaders(settings, headers, isCrossOrigin),
    accept: "application/json",
    ...(hasBody && { "content-type": "application/json" }),
    ...((settings.sendTimeoutHeader ?? !isCrossOrigin) && {
      "grpc-timeout": grpcTimeout(deadline - Date.now()),
    }),
  };
}

/** Refuses to create a collection whose name no later call could address. */
function refuseUnreachable<I, O>({ method, message }: TransportCall<I, O>, api: JsonApi): void {
  if (method.path !== vectronService.createCollection.path) return;
  const status = api.routeOf(vectronService.getCollectionStatus);
  if (status !== undefined) addressable(() => buildPath(status, message as { readonly name: string }));
}

function addressable<T>(build: () => T): T {
  try {
    return build();
  } catch (cause) {
    const { message } = cause as Error;
    throw notSent(
      "INVALID_ARGUMENT",
      `${message}: there it is part of the URL's path, where "/", "." and ".." have a meaning of their own; ` +
        "protocol grpc-web or connect, and @vectron/node, can carry it",
      cause,
    );
  }
}
