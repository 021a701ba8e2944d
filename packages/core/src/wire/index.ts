// What transports and servers need to put Vectron's calls on a wire.

// The API: methods, messages, enums.
export { PLAN, SUBSCRIPTION_STATUS } from "../gen/vectron/auth/v1/enums.ts";
export type {
  APIKey,
  CreateAPIKeyRequest,
  CreateAPIKeyResponse,
  CreateSDKJWTRequest,
  CreateSDKJWTResponse,
  DeleteAPIKeyRequest,
  DeleteAPIKeyResponse,
  DeleteUserRequest,
  DeleteUserResponse,
  GetAuthDetailsForSDKRequest,
  GetAuthDetailsForSDKResponse,
  GetUserProfileRequest,
  GetUserProfileResponse,
  ListAPIKeysRequest,
  ListAPIKeysResponse,
  LoginRequest,
  LoginResponse,
  RefreshTokenRequest,
  RefreshTokenResponse,
  RegisterUserRequest,
  RegisterUserResponse,
  UpdateUserProfileRequest as AuthUpdateUserProfileRequest,
  UpdateUserProfileResponse as AuthUpdateUserProfileResponse,
  UserProfile,
  ValidateAPIKeyRequest,
  ValidateAPIKeyResponse,
} from "../gen/vectron/auth/v1/messages.ts";
export { type AuthService, authService } from "../gen/vectron/auth/v1/methods.ts";
export { authRoutes } from "../gen/vectron/auth/v1/routes.ts";
export type {
  CreateCollectionRequest,
  CreateCollectionResponse,
  DeleteCollectionRequest,
  DeleteCollectionResponse,
  DeleteRequest,
  DeleteResponse,
  FeedbackItem,
  GetCollectionStatusRequest,
  GetCollectionStatusResponse,
  GetRequest,
  GetResponse,
  ListCollectionsRequest,
  ListCollectionsResponse,
  Point,
  SearchRequest,
  SearchResponse,
  SearchResult,
  ShardStatus,
  SubmitFeedbackRequest,
  SubmitFeedbackResponse,
  UpdateUserProfileRequest,
  UpdateUserProfileResponse,
  UpsertRequest,
  UpsertResponse,
} from "../gen/vectron/v1/messages.ts";
export { type VectronService, vectronService } from "../gen/vectron/v1/methods.ts";
export { vectronRoutes } from "../gen/vectron/v1/routes.ts";
export type { MethodDescriptor } from "../transport/method.ts";
// Status codes.
export {
  type ErrorCode,
  STATUS_CODES,
  type StatusCode,
  statusCodeFromNumber,
  statusCodeToNumber,
} from "../transport/status-code.ts";
// Protobuf.
export {
  type BinaryClientCodec,
  type BinaryCodec,
  type BinaryServerCodec,
  binaryClientCodec,
  binaryCodec,
  binaryServerCodec,
  vectronBinaryClientCodec,
} from "./binary-codec.ts";
export { DecodeError } from "./decode-error.ts";
// HTTP.
export { buildPath } from "./http/build-path.ts";
export type { Route, RouteTable } from "./http/route.ts";
export { type RouteMatch, type RouteMatcher, routeMatcher } from "./http/route-matcher.ts";
export { authRouteOf, vectronRouteOf } from "./http/routes.ts";
export { httpStatusFromCode } from "./http/status.ts";
// ProtoJSON.
export { authJsonClientCodec, type JsonClientCodec, vectronJsonClientCodec } from "./json-client.ts";
export { type JsonServerCodec, jsonServerCodec } from "./json-server.ts";
