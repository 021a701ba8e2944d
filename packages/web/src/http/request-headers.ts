import type { Metadata } from "@vectron/core";
import type { HttpSettings } from "../options/http-options.ts";

/** Headers that the client adds of its own accord; a stock gateway lets none of them pass across origins. */
const EXTRA = ["x-request-id", "traceparent", "tracestate", "baggage", "user-agent"];

/** The headers of a request: the transport's own, those of the call in front of them. */
export function requestHeaders(
  { headers, userAgent, sendExtraHeaders }: HttpSettings,
  callHeaders: Metadata,
  isCrossOrigin: boolean,
): Record<string, string> {
  const all = Object.entries({ ...(userAgent && { "user-agent": userAgent }), ...headers, ...callHeaders });
  const sendsExtra = sendExtraHeaders ?? !isCrossOrigin;
  return Object.fromEntries(sendsExtra ? all : all.filter(([name]) => !EXTRA.includes(name)));
}
