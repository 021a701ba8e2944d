import { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import type { Metadata } from "@vectron/core";

/** Marks headers whose value is bytes; plain records hold them in base64, as HTTP/2 does. */
const BINARY_SUFFIX = "-bin";

/**
 * Headers in grpc-js's form; those given later replace earlier ones of the same name.
 * @throws Error naming a header that cannot be sent. The text never holds the value, which may be a token.
 */
export function toMetadata(...records: readonly Metadata[]): GrpcMetadata {
  const metadata = new GrpcMetadata();
  for (const record of records) {
    for (const name in record) setHeader(metadata, name, record[name] as string);
  }
  return metadata;
}

/**
 * Headers of an HTTP/1 connection. HTTP/2 has none, and a call that sets one would
 * cost every other call of its connection that connection (grpc-js 1.14.7).
 */
const CONNECTION_HEADER =
  /^((proxy-)?connection|keep-alive|transfer-encoding|upgrade|http2-settings|content-length)$/i;

function setHeader(metadata: GrpcMetadata, name: string, value: string): void {
  if (CONNECTION_HEADER.test(name)) throw notAllowed(name);
  try {
    metadata.set(name, name.endsWith(BINARY_SUFFIX) ? Buffer.from(value, "base64") : value);
  } catch {
    throw notAllowed(name);
  }
}

function notAllowed(name: string): Error {
  return new Error(`the header ${JSON.stringify(name)} has a name or value that is not allowed`);
}

/** Headers and trailers as one plain record; values of one name are joined. */
export function fromMetadata(...parts: readonly (GrpcMetadata | undefined)[]): Metadata {
  const record: Record<string, string> = {};
  for (const part of parts) {
    if (part === undefined) continue;
    for (const [name, values] of Object.entries(part.toJSON())) {
      const text = values.map(toText).join(", ");
      record[name] = Object.hasOwn(record, name) ? `${record[name]}, ${text}` : text;
    }
  }
  return record;
}

function toText(value: string | Buffer): string {
  return typeof value === "string" ? value : value.toString("base64");
}
