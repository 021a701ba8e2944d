import type { GetRequest, UpdateUserProfileRequest, UpsertRequest } from "../gen/vectron/v1/messages.ts";
import type { MethodDescriptor } from "../transport/method.ts";

/** What `reply()` without a message answers: by method name, the plainest success. */
const DEFAULT_REPLIES: Readonly<Record<string, (request: never) => object>> = {
  CreateCollection: () => ({ success: true }),
  DeleteCollection: () => ({ success: true }),
  Upsert: ({ points }: UpsertRequest) => ({ upserted: points.length }),
  Search: () => ({ results: [] }),
  SearchStream: () => ({ results: [] }),
  Get: ({ id }: GetRequest) => ({ point: { id, vector: new Float32Array(1), payload: {} } }),
  Delete: () => ({}),
  ListCollections: () => ({ collections: [] }),
  GetCollectionStatus: ({ name }: { name: string }) => ({
    name,
    dimension: 1,
    distance: "euclidean",
    shards: [{ shardId: 1, replicas: ["1"], leaderId: "1", ready: true }],
  }),
  UpdateUserProfile: ({ plan }: UpdateUserProfileRequest) => ({
    user: { id: "user-1", email: "", createdAt: "0", plan, subscriptionStatus: 0 },
    jwtToken: "",
  }),
  SubmitFeedback: () => ({ success: true, feedbackId: "feedback-1" }),
};

/** The plainest success of a method. */
export function defaultReply<I, O>({ name }: MethodDescriptor<I, O>, request: I): O {
  const make = DEFAULT_REPLIES[name];
  if (make === undefined) throw new TypeError(`reply() needs a message for ${name}`);
  return make(request as never) as O;
}
