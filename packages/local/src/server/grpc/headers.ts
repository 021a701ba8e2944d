import { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import type { Metadata } from "@vectron/core";

/** Marks headers whose value is bytes. */
const BINARY_SUFFIX = "-bin";

/** A request's headers as the seam has them: repeated ones joined, binary ones in base64. */
export function toHeaders(metadata: GrpcMetadata): Metadata {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(metadata.getMap())) {
    headers[name] = metadata.get(name).map(toText).join(", ");
  }
  return headers;
}

/** What a back end sent with its reply, as gRPC carries it. */
export function toGrpcMetadata(metadata: Metadata): GrpcMetadata {
  const converted = new GrpcMetadata();
  for (const [name, value] of Object.entries(metadata)) {
    converted.set(name, name.endsWith(BINARY_SUFFIX) ? Buffer.from(value, "base64") : value);
  }
  return converted;
}

function toText(value: string | Buffer): string {
  return typeof value === "string" ? value : value.toString("base64");
}
