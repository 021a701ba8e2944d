import type { TransportCapabilities } from "@vectron/core";
import type { HttpSettings } from "../options/http-options.ts";

/** What a transport of this package can do. */
export function httpCapabilities(
  name: string,
  { baseUrl, maxSendBytes, maxReceiveBytes }: HttpSettings,
  streaming: boolean,
): TransportCapabilities {
  return {
    name,
    endpoint: baseUrl.href,
    streaming,
    maxSendBytes,
    maxReceiveBytes,
    insecure: baseUrl.insecure,
  };
}
