import { VectronClient } from "@vectron/core";
import { binaryClientCodec, vectronService } from "@vectron/core/wire";
import type { BenchPoint } from "../data/points.ts";
import { type BenchCodec, COLLECTION } from "./bench-codec.ts";
import { EncodingTransport } from "./encoding-transport.ts";

const upsertCodec = binaryClientCodec(vectronService.upsert);
const searchCodec = binaryClientCodec(vectronService.search);

function messageOf(points: readonly BenchPoint[]) {
  return { collection: COLLECTION, points: points.map((point) => ({ ...point })) };
}

/** The generated codec, into fresh memory each time. */
export const vectronCodec: BenchCodec = {
  prepareUpsert(points) {
    const message = messageOf(points);
    return () => upsertCodec.encodeRequest(message);
  },
  prepareSearchReply: (reply) => () => searchCodec.decodeReply(reply).results,
};

/** The same into memory that is used again, as the gRPC transport does. */
export const vectronLentCodec: BenchCodec = {
  ...vectronCodec,
  prepareUpsert(points) {
    const message = messageOf(points);
    const memory = new Uint8Array(upsertCodec.requestSize(message));
    return () => upsertCodec.encodeRequest(message, () => memory);
  },
};

/** A whole `upsert` call, every argument checked, on a transport that encodes the request and answers at once. */
export const vectronCheckedCodec: BenchCodec = {
  ...vectronCodec,
  prepareUpsert: (points) => prepareChecked(points, undefined),
};

/** The same into memory that is used again. */
export const vectronCheckedLentCodec: BenchCodec = {
  ...vectronCodec,
  prepareUpsert: (points) =>
    prepareChecked(points, new Uint8Array(upsertCodec.requestSize(messageOf(points)))),
};

function prepareChecked(points: readonly BenchPoint[], memory: Uint8Array<ArrayBuffer> | undefined) {
  const transport = new EncodingTransport({ upserted: points.length }, memory);
  const client = new VectronClient(transport);
  return async () => {
    await client.upsert(COLLECTION, points);
    return transport.encoded;
  };
}
