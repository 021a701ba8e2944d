import { startAuthService } from "@vectron/fixtures";
import { startServer } from "@vectron/local";
import { AuthClient, VectronClient } from "@vectron/node";
import type { Clients } from "./clients.ts";
import type { ServiceName } from "./methods/method-case.ts";
import { goodToken } from "./tokens.ts";

/** Where a service listens on 127.0.0.1, by what is spoken there. */
export interface Ports {
  readonly grpc: number;
  readonly http: number;
}

/** The real servers, before which the faults are set. */
export interface BackEnd {
  readonly ports: Readonly<Record<ServiceName, Ports>>;
  /** The secret that tokens are signed with. */
  readonly jwtSecret: string;
  /** Clients that no fault stands before. */
  readonly direct: Clients;
  close(): Promise<void>;
}

/** Starts both services on free ports. */
export async function startBackEnd(): Promise<BackEnd> {
  const auth = await startAuthService({ limits: false });
  const { jwtSecret } = auth;
  const gateway = await startServer({ httpPort: 0, jwtSecret });
  const direct = {
    vectron: new VectronClient({ host: gateway.grpcAddress, apiKey: goodToken(jwtSecret) }),
    auth: new AuthClient({ host: auth.grpcAddress }),
    async close() {
      await Promise.all([direct.vectron.close(), direct.auth.close()]);
    },
  };
  return {
    ports: {
      gateway: { grpc: gateway.grpcPort, http: gateway.httpPort! },
      auth: { grpc: portOf(auth.grpcAddress), http: portOf(auth.httpUrl) },
    },
    jwtSecret,
    direct,
    async close() {
      await direct.close();
      await Promise.all([gateway.close(), auth.close()]);
    },
  };
}

function portOf(address: string): number {
  return Number(address.split(":").at(-1));
}
