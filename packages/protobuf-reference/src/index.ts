export { http } from "./gen/google/api/annotations_pb.ts";
export {
  AuthService,
  file_vectron_auth_v1_auth,
  PlanSchema,
  SubscriptionStatusSchema,
} from "./gen/vectron/auth/v1/auth_pb.ts";
export {
  file_vectron_v1_vectron,
  SearchResponseSchema,
  UpsertRequestSchema,
  VectronService,
} from "./gen/vectron/v1/vectron_pb.ts";
