import type { ClientHttp2Session } from "node:http2";
import type { VectronClient } from "@vectron/core";
import type { GrpcTarget, HttpTarget, Target } from "../connect/target.ts";

/** Where a server is, for checks below the client. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The name that its certificate has to bear. */
  readonly serverName: string;
}

/** What is examined, and what earlier checks found out about it. */
export interface Patient {
  readonly target: Target;
  /** Undefined for a directory and for a socket file. */
  readonly endpoint: Endpoint | undefined;
  readonly client: VectronClient;
  /** A client of the same server without a token; undefined where there is no server. */
  readonly stranger: VectronClient | undefined;
  readonly signal: AbortSignal;
  readonly searches: number;
  readonly maxMessageBytes: number;
  /** The collection that checks may write to; undefined when they may not. */
  readonly scratch: string | undefined;
  /** Whether the scratch collection may be there. */
  hasScratch: boolean;
  addresses: readonly string[];
  session: ClientHttp2Session | undefined;
  /** What the server's clock shows less what this machine's shows, if the server tells. */
  clockSkewMs: number | undefined;
  /** Why the server has told the HTTP/2 connection to go away, if it has. */
  goaway: string | undefined;
}

/** A patient with a server at the other end of a network. */
export type RemotePatient = Patient & {
  readonly target: GrpcTarget | HttpTarget;
  readonly endpoint: Endpoint;
};

export function isRemote(patient: Patient): patient is RemotePatient {
  return patient.target.kind !== "directory" && patient.endpoint !== undefined;
}
