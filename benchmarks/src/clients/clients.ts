import type { OpenClient } from "./bench-client.ts";
import { openConnectNode } from "./connect-node.ts";
import { openExistingClient } from "./existing-client.ts";
import { openNiceGrpc } from "./nice-grpc.ts";
import { openRawGrpc } from "./raw-grpc.ts";
import { openVectron } from "./vectron.ts";

/** Every client of the gRPC API by the name that tables give it. */
export const CLIENTS = {
  "grpc-js, prepared bytes (the floor)": openRawGrpc,
  "@vectron/node": openVectron,
  "ts-proto + grpc-js, as the existing client": openExistingClient,
  "ts-proto + nice-grpc": openNiceGrpc,
  "protobuf-es + connect-node": openConnectNode,
} as const satisfies Record<string, OpenClient>;

export type ClientName = keyof typeof CLIENTS;
