import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { withNumbers } from "../data/points.ts";
import { type BenchCodec, COLLECTION, type DecodedResult } from "./bench-codec.ts";

const PROTO = new URL("../../../proto/", import.meta.url);

/** The proto files as protobufjs reads them; it writes its code when a type is first used. */
const root = new protobuf.Root();
// The annotations of google.api say nothing about the encoding.
root.resolvePath = (_origin, target) =>
  target.startsWith("google/") ? null : fileURLToPath(new URL(target, PROTO));
root.loadSync("vectron/v1/vectron.proto");

const upsertRequest = root.lookupType("vectron.v1.UpsertRequest");
const searchResponse = root.lookupType("vectron.v1.SearchResponse");

export const protobufjsCodec: BenchCodec = {
  prepareUpsert(points) {
    const message = upsertRequest.create({ collection: COLLECTION, points: withNumbers(points) });
    return () => upsertRequest.encode(message).finish();
  },
  prepareSearchReply: (reply) => () =>
    (searchResponse.decode(reply) as unknown as { results: DecodedResult[] }).results,
};
