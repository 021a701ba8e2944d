import { constants } from "node:http2";
import type { Fault } from "../fault.ts";
import { startHttp2Gateway } from "../servers/http2-gateway.ts";
import { HTTP2_ONLY, onFirstStream } from "./over-http2.ts";

export const goawayUnprocessed: Fault = {
  name: "GOAWAY, request left out",
  happens: "The server leaves (GOAWAY), and says that it has not looked at the request.",
  impossible: HTTP2_ONLY,
  stage: async ({ port }) => {
    const gateway = await startHttp2Gateway(port, { count: 1, after: 1 }, ({ session, id = 0 }) =>
      session?.goaway(constants.NGHTTP2_NO_ERROR, id - 2),
    );
    return {
      ...gateway,
      // Only a connection's later streams can be left out, as 0 stands for none that was left out.
      async ready({ vectron, auth }, { service }) {
        if (service === "gateway") await vectron.listCollections();
        else await auth.login({ email: "nobody@example.com", password: "none" }).catch(() => undefined);
      },
    };
  },
  promises: [{ ends: "ok", attempts: ["UNAVAILABLE not sent", "OK"] }],
};

export const goawayProcessed: Fault = {
  name: "GOAWAY, request taken",
  happens: "The server leaves (GOAWAY) without a reply to a request that it may have looked at.",
  impossible: HTTP2_ONLY,
  stage: onFirstStream(({ session, id = 0 }) => {
    session?.goaway(constants.NGHTTP2_NO_ERROR, id);
    session?.destroy();
  }),
  promises: [
    { repetition: ["harmless", "after a look"], ends: "ok", attempts: ["UNAVAILABLE perhaps sent", "OK"] },
    { repetition: ["never"], ends: "UnavailableError", attempts: ["UNAVAILABLE perhaps sent"] },
  ],
};
