import type { HttpSettings } from "../options/http-options.ts";
import { crossesOrigins } from "./page-origin.ts";
import { platformFailure, rootCause } from "./platform-error.ts";

/**
 * Makes a request with the transport's `fetch`.
 *
 * @throws TransportFailure when no response comes
 */
export async function sendRequest(settings: HttpSettings, url: string, init: RequestInit): Promise<Response> {
  // Taken out first: a browser's fetch does not work as a method of another object.
  const { fetch = globalThis.fetch, credentials, baseUrl } = settings;
  try {
    return await fetch(url, {
      ...init,
      // Followed, a call could lose its body or its token; and edge workers do not know "error".
      redirect: "manual",
      ...(knowsCredentials() && { credentials }),
    });
  } catch (error) {
    const hint = crossesOrigins(baseUrl) ? corsHint(init) : "";
    throw platformFailure(error, `no answer from ${baseUrl.href}${hint}`, {
      requestSent: isUnconnected(error) ? "no" : "unknown",
    });
  }
}

/** Edge workers have no cookies to send along, and refuse the option. */
function knowsCredentials(): boolean {
  return globalThis.Request !== undefined && "credentials" in Request.prototype;
}

/** Across origins a browser does not tell pages why a call failed. */
function corsHint({ headers }: RequestInit): string {
  const names = [...new Headers(headers).keys()].join(", ");
  return ` (nobody is there, or the server does not allow this page's origin or one of the headers ${names})`;
}

/** How Node and Bun name a connection that could not be made, and how Deno words it. */
const NO_CONNECTION =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_SSL_WRONG_VERSION_NUMBER|UNABLE_TO_VERIFY_LEAF_SIGNATURE|.*CERT.*)$|client error \(Connect\)/;

function isUnconnected(error: unknown): boolean {
  const { code, message } = rootCause(error);
  return NO_CONNECTION.test(String(code ?? message));
}
