import type { ClientHttp2Session } from "node:http2";
import { duration } from "../output/numbers.ts";
import { type Check, failed, ok, skipped } from "./finding.ts";
import type { RemotePatient } from "./patient.ts";
import { within } from "./within.ts";

/**
 * The connection that was opened at the beginning is alive, and answers pings.
 * One ping only: a stock gateway drops clients that send more than one in 10 s.
 */
export const keepaliveCheck: Check<RemotePatient> = {
  name: "keepalive",
  needs: ["HTTP/2"],
  async run({ session, goaway, target }) {
    if (target.kind !== "grpc" || session === undefined)
      return skipped("only gRPC connections are kept alive by pings");
    if (goaway !== undefined || session.closed || session.destroyed) {
      return failed(
        `the server or a proxy closed the connection meanwhile${goaway === undefined ? "" : ` (${goaway})`}`,
        "a proxy between may cut connections that are idle: raise its idle timeout, or lower keepaliveTimeMs (no lower than 10,000)",
      );
    }
    try {
      const roundTripMs = await ping(session);
      return ok(`a ping was answered in ${duration(roundTripMs)}`, { roundTripMs });
    } catch (error) {
      return failed(
        `a ping was not answered: ${(error as Error).message}`,
        "something between does not pass HTTP/2 pings on: set keepaliveTimeMs to Infinity, or mend the proxy",
      );
    }
  },
};

function ping(session: ClientHttp2Session): Promise<number> {
  return within<number>("the answer to a ping", (resolve, reject) => {
    session.ping((error: Error | null, elapsedMs: number) => (error ? reject(error) : resolve(elapsedMs)));
  });
}
