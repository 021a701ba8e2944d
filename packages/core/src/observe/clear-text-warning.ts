import type { CallObserver } from "../call/observer.ts";
import type { TransportCapabilities } from "../transport/transport.ts";
import type { Logger } from "./logger.ts";

/** Warns, before the first call, of a transport whose bytes others can read; nothing to watch where there is none. */
export function clearTextWarning(
  { insecure, endpoint }: TransportCapabilities,
  what: string,
  logger: Logger | undefined,
): readonly CallObserver[] {
  if (!insecure || logger === undefined) return [];
  let warned = false;
  return [
    {
      watches: () => !warned,
      callStarted() {
        warned = true;
        logger.warn?.(`${what} sent in clear text to another host: use TLS`, { endpoint });
      },
    },
  ];
}
