import type { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import type { Metadata } from "@vectron/core";

/** A request's headers as the seam has them: repeated ones joined, binary ones in base64. */
export function toHeaders(metadata: GrpcMetadata): Metadata {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(metadata.getMap())) {
    headers[name] = metadata.get(name).map(toText).join(", ");
  }
  return headers;
}

function toText(value: string | Buffer): string {
  return typeof value === "string" ? value : value.toString("base64");
}
