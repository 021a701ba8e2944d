import type { Metadata } from "@vectron/core";

/**
 * Headers that are about one connection and its protocol (RFC 9110, section 7.6.1;
 * those of gRPC, gRPC-Web and Connect), or that browsers send to whom they talk to:
 * cookies above all are not for the gateway behind the bridge.
 */
const HOP_BY_HOP = new RegExp(
  `^(?:${[
    "connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|via|forwarded",
    "host|date|server|priority|cache-control|pragma|range|if-.*",
    "content-.*|accept|accept-.*|user-agent|x-user-agent",
    "cookie|set-cookie|origin|referer|dnt|upgrade-insecure-requests|sec-.*|access-control-.*",
    "grpc-(?!retry-pushback-ms$).*|connect-.*|x-grpc-web",
  ].join("|")})$`,
);

/** The headers that are about the call itself, on its way through the bridge in either direction. */
export function endToEnd(headers: Metadata): Metadata {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.test(name)));
}
