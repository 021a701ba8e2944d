import { withNumbers } from "../data/points.ts";
import { SearchResponse, UpsertRequest } from "../gen/ts-proto/vectron/v1/vectron.ts";
import { type BenchCodec, COLLECTION } from "./bench-codec.ts";

export const tsProtoCodec: BenchCodec = {
  prepareUpsert(points) {
    const message = UpsertRequest.create({ collection: COLLECTION, points: withNumbers(points) });
    return () => UpsertRequest.encode(message).finish();
  },
  prepareSearchReply: (reply) => () => SearchResponse.decode(reply).results,
};
