import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { SearchResponseSchema, UpsertRequestSchema } from "@vectron/protobuf-reference";
import { withNumbers } from "../data/points.ts";
import { type BenchCodec, COLLECTION } from "./bench-codec.ts";

export const protobufEsCodec: BenchCodec = {
  prepareUpsert(points) {
    const message = create(UpsertRequestSchema, { collection: COLLECTION, points: withNumbers(points) });
    return () => toBinary(UpsertRequestSchema, message);
  },
  prepareSearchReply: (reply) => () => fromBinary(SearchResponseSchema, reply).results,
};
