import type { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import { statusCodeToNumber } from "@vectron/core/wire";
import { toFailure } from "../../service/failures.ts";
import { toGrpcMetadata } from "./headers.ts";

/** What ends a gRPC call that failed. */
export interface GrpcStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: GrpcMetadata;
}

/** HTTP/2 peers refuse header blocks far larger than this, and a name or id in a message may be 64 KiB long. */
const MAX_DETAILS_LENGTH = 2_000;

/** The status of a call that failed. Messages of absurd length lose their middle. */
export function toGrpcStatus(error: unknown): GrpcStatus {
  const { code, message, metadata } = toFailure(error);
  return {
    code: statusCodeToNumber(code),
    details: shorten(message),
    metadata: toGrpcMetadata(metadata),
  };
}

function shorten(message: string): string {
  // Also replaces lone surrogates, which the percent-encoding of a status cannot hold.
  const text = message.replace(/\p{Surrogate}/gu, "\ufffd");
  if (text.length <= MAX_DETAILS_LENGTH) return text;
  const half = MAX_DETAILS_LENGTH / 2;
  return `${text.slice(0, half)}…${text.slice(-half)}`.replace(/\p{Surrogate}/gu, "");
}
