import { randomUUID } from "node:crypto";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { binaryClientCodec, type MethodDescriptor, vectronService } from "@vectron/core/wire";
import { API_KEY, COLLECTION, type OpenClient, TIMEOUT_MS, TOP_K } from "./bench-client.ts";

/**
 * The floor under everything on grpc-js: requests that were encoded beforehand,
 * replies that are not decoded. Headers and deadline are those of
 * `@vectron/node`; the channel has grpc-js's own options.
 */
export const openRawGrpc: OpenClient = ({ address, points, query }) => {
  const client = new Client(address, credentials.createInsecure());
  const call = (path: string, request: Buffer) =>
    new Promise<Buffer>((resolve, reject) => {
      const metadata = new Metadata();
      metadata.set("authorization", `Bearer ${API_KEY}`);
      metadata.set("x-request-id", randomUUID());
      const deadline = Date.now() + TIMEOUT_MS;
      client.makeUnaryRequest(path, asItIs, asItIs, request, metadata, { deadline }, (error, reply) => {
        if (error === null) resolve(reply as Buffer);
        else reject(error);
      });
    });
  const search = encoded(vectronService.search, {
    collection: COLLECTION,
    vector: query,
    topK: TOP_K,
    query: "",
    timeoutMs: 0,
    includeVectors: false,
    includeMetadata: true,
  });
  const upsert = encoded(vectronService.upsert, {
    collection: COLLECTION,
    points: points.map((point) => ({ ...point, payload: { ...point.payload } })),
  });
  return {
    search: () => call(vectronService.search.path, search),
    upsert: () => call(vectronService.upsert.path, upsert),
  };
};

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

function encoded<I, O>(method: MethodDescriptor<I, O>, message: I): Buffer {
  return Buffer.from(binaryClientCodec(method).encodeRequest(message));
}
