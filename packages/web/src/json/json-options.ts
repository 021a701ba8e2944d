import { requireBoolean, requireObject } from "@vectron/core";
import {
  HTTP_TRANSPORT_OPTION_NAMES,
  type HttpSettings,
  type HttpTransportOptions,
  resolveHttpOptions,
} from "../options/http-options.ts";

/** The options of the HTTP/JSON transport. An undefined one has its default. */
export interface JsonTransportOptions extends HttpTransportOptions {
  /**
   * Whether to tell the server how much time a call has, in the header
   * `Grpc-Timeout`. Default: true, except from a page to another origin, where a
   * stock gateway does not allow the header. Without it a stock gateway fails
   * `get`, and searches that return vectors.
   */
  readonly sendTimeoutHeader?: boolean | undefined;
  /**
   * Whether `searchStream`, which has no HTTP/JSON form, answers with the one
   * final result of a search. Default false: it fails with an `UnimplementedError`.
   */
  readonly streamFallback?: boolean | undefined;
}

/** The names of the options that only the HTTP/JSON transport has. */
const JSON_OPTION_NAMES = ["sendTimeoutHeader", "streamFallback"] as const;

/** The names of the options of the HTTP/JSON transport. */
export const JSON_TRANSPORT_OPTION_NAMES = [...HTTP_TRANSPORT_OPTION_NAMES, ...JSON_OPTION_NAMES] as const;

/** The options, checked and complete. */
export interface JsonSettings extends HttpSettings {
  readonly sendTimeoutHeader: boolean | undefined;
  readonly streamFallback: boolean;
}

/** A request's text is some four times its protobuf encoding, and engines limit a string to 512 Mi characters. */
const MAX_SEND_BYTES = 64 * 1024 * 1024;

/**
 * Checks the options and fills in every default.
 *
 * @throws InvalidArgumentError naming the option that is wrong or unknown
 */
export function resolveJsonOptions(options: JsonTransportOptions): JsonSettings {
  const {
    sendTimeoutHeader,
    streamFallback,
    maxSendBytes = MAX_SEND_BYTES,
  } = requireObject("options", options);
  return {
    ...resolveHttpOptions({ ...options, maxSendBytes }, JSON_TRANSPORT_OPTION_NAMES),
    sendTimeoutHeader:
      sendTimeoutHeader === undefined ? undefined : requireBoolean("sendTimeoutHeader", sendTimeoutHeader),
    streamFallback: streamFallback === undefined ? false : requireBoolean("streamFallback", streamFallback),
  };
}
