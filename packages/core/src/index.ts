export type {
  ApiKey,
  ApiKeyValidation,
  CreatedApiKey,
  Credentials,
  LoginResult,
} from "./auth/account-types.ts";
export type { AccessToken, TokenProvider, TokenRequest } from "./auth/token-provider.ts";
export { BulkUpsertError, type BulkUpsertErrorJson } from "./bulk/bulk-error.ts";
export type { BulkOptions } from "./bulk/bulk-options.ts";
export type { BulkProgress, BulkReport, RejectedRecord } from "./bulk/bulk-report.ts";
export type { BulkSource } from "./bulk/bulk-source.ts";
export type { BulkWriter } from "./bulk/bulk-writer.ts";
export type { BulkCheckpoint } from "./bulk/checkpoint.ts";
export { type CallOptions, type ResponseInfo, requireHeaders } from "./call/call-options.ts";
export type { HedgeOptions } from "./call/hedge-options.ts";
export type { CallNext, Interceptor, InterceptorCall, InterceptorReply } from "./call/interceptor.ts";
export type { CallInfo, CallObserver, CallResult } from "./call/observer.ts";
export type { RetryOptions } from "./call/retry-options.ts";
export { AuthClient, type AuthClientOptions } from "./client/auth-client.ts";
export { type ClientOptions, splitClientOptions } from "./client/client-options.ts";
export { Collection, type CollectionOptions } from "./client/collection.ts";
export type { AuthCallOptions } from "./client/operations/auth.ts";
export type { CreateCollectionOptions, ReadyOptions } from "./client/operations/collections.ts";
export type { ManyOptions, Settled } from "./client/operations/many.ts";
export {
  type SdkTokenCallOptions,
  type SdkTokenSource,
  splitSdkTokenOptions,
} from "./client/sdk-token/sdk-token-options.ts";
export { type SdkTokenSettings, sdkTokenProvider } from "./client/sdk-token/sdk-token-provider.ts";
export { VectronClient } from "./client/vectron-client.ts";
// For the packages that add a transport.
export {
  refuseUnknownKeys,
  requireBoolean,
  requireInteger,
  requireObject,
  requireOneOf,
} from "./data/checks.ts";
export { jsonText } from "./data/json-text.ts";
export type { PayloadCodec } from "./data/payload-codec.ts";
export { schemaPayload } from "./data/schema-payload.ts";
export { similarity } from "./data/similarity.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./data/standard-schema.ts";
export type {
  CollectionConfig,
  CollectionStatus,
  Distance,
  Feedback,
  FeedbackItem,
  Payload,
  Plan,
  Point,
  PointInput,
  SearchQuery,
  SearchResult,
  ShardStatus,
  SubscriptionStatus,
  UserProfile,
} from "./data/types.ts";
export type { VectorInput } from "./data/vector.ts";
export {
  AbortedError,
  AlreadyExistsError,
  AuthenticationError,
  CancelledError,
  DataLossError,
  DeadlineExceededError,
  FailedPreconditionError,
  InternalServerError,
  InvalidArgumentError,
  NotFoundError,
  OutOfRangeError,
  PermissionDeniedError,
  ResourceExhaustedError,
  UnavailableError,
  UnimplementedError,
  UnknownError,
} from "./errors/error-classes.ts";
export { invalidArgument } from "./errors/invalid-argument.ts";
export {
  type AttemptRecord,
  VectronError,
  type VectronErrorDetails,
  type VectronErrorJson,
} from "./errors/vectron-error.ts";
export type { LogFields, Logger } from "./observe/logger.ts";
export { type Runtime, systemRuntime, type Timer } from "./runtime/runtime.ts";
export type { AbortSignalLike, ReadableStreamLike } from "./runtime/web-globals.ts";
export type { MethodDescriptor } from "./transport/method.ts";
export { type ErrorCode, STATUS_CODES, type StatusCode } from "./transport/status-code.ts";
export type {
  Metadata,
  Transport,
  TransportCall,
  TransportCapabilities,
  TransportReply,
} from "./transport/transport.ts";
export {
  type RequestSent,
  TransportFailure,
  type TransportFailureDetails,
} from "./transport/transport-failure.ts";
