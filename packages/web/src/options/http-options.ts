import {
  invalidArgument,
  refuseUnknownKeys,
  requireBoolean,
  requireHeaders,
  requireInteger,
  requireObject,
  requireOneOf,
} from "@vectron/core";
import { type BaseUrl, parseBaseUrl } from "../http/base-url.ts";

/** A `fetch` to make requests with: the platform's own, or one that behaves like it. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** The options that the transports of every protocol share. An undefined one has its default. */
export interface HttpTransportOptions {
  /**
   * Where the server is: an absolute http or https URL, with a path prefix if it
   * is served under one, such as `https://vectors.example.com/api`.
   */
  readonly baseUrl: string;
  /** Makes the requests. Default: the platform's `fetch`, looked up at each call. */
  readonly fetch?: FetchFunction | undefined;
  /**
   * Whether a browser sends its cookies along. Default `"omit"`: the token is all
   * that a server needs, and cookies would be refused across origins.
   */
  readonly credentials?: "omit" | "same-origin" | "include" | undefined;
  /** Headers to send with every call. A call's own headers of the same name replace them. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as `user-agent`, which some browsers ignore. Default: what the platform sends. */
  readonly userAgent?: string | undefined;
  /**
   * Whether to send the headers that the client adds of its own accord: request
   * id, trace context, user agent. Default: true, except from a page to another
   * origin, where a stock gateway does not allow them and the browser would
   * refuse the whole call.
   */
  readonly sendExtraHeaders?: boolean | undefined;
  /**
   * Largest request in bytes of its protobuf encoding. Default 268,435,456 (256 MiB),
   * a stock gateway's limit; with JSON 67,108,864 (64 MiB), because the text is some
   * four times as long and engines limit a string to 512 Mi characters.
   */
  readonly maxSendBytes?: number | undefined;
  /** Largest message of a reply in bytes; with JSON, of its text. Default 268,435,456 (256 MiB), a stock gateway's limit. */
  readonly maxReceiveBytes?: number | undefined;
}

const HTTP_OPTION_NAMES: Readonly<Record<keyof HttpTransportOptions, true>> = {
  baseUrl: true,
  fetch: true,
  credentials: true,
  headers: true,
  userAgent: true,
  sendExtraHeaders: true,
  maxSendBytes: true,
  maxReceiveBytes: true,
};

/** The names of the options that the transports of every protocol share. */
export const HTTP_TRANSPORT_OPTION_NAMES = Object.keys(
  HTTP_OPTION_NAMES,
) as readonly (keyof HttpTransportOptions)[];

/** A message's length is sent in 32 bits. */
const MOST_MESSAGE_BYTES = 2 ** 32 - 1;

/** The options, checked and complete. */
export interface HttpSettings {
  readonly baseUrl: BaseUrl;
  readonly fetch: FetchFunction | undefined;
  readonly credentials: RequestCredentials;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string | undefined;
  readonly sendExtraHeaders: boolean | undefined;
  readonly maxSendBytes: number;
  readonly maxReceiveBytes: number;
}

const STOCK_MESSAGE_BYTES = 256 * 1024 * 1024;

/**
 * Checks the options that every protocol shares and fills in their defaults.
 *
 * @param names - the names of all options that the protocol has
 * @throws InvalidArgumentError naming the option that is wrong or unknown
 */
export function resolveHttpOptions(
  options: HttpTransportOptions,
  names: readonly string[] = HTTP_TRANSPORT_OPTION_NAMES,
): HttpSettings {
  refuseUnknownKeys("options", requireObject("options", options), names);
  const { baseUrl, fetch, credentials = "omit", headers = {}, userAgent, sendExtraHeaders } = options;
  const { maxSendBytes = STOCK_MESSAGE_BYTES, maxReceiveBytes = STOCK_MESSAGE_BYTES } = options;
  if (fetch !== undefined && typeof fetch !== "function") throw invalidArgument("fetch", fetch, "a function");
  return {
    baseUrl: parseBaseUrl(baseUrl),
    fetch,
    credentials: requireOneOf("credentials", credentials, ["omit", "same-origin", "include"]),
    headers: requireHeaders("headers", headers),
    userAgent: userAgent === undefined ? undefined : requireUserAgent(userAgent),
    sendExtraHeaders:
      sendExtraHeaders === undefined ? undefined : requireBoolean("sendExtraHeaders", sendExtraHeaders),
    maxSendBytes: requireInteger("maxSendBytes", maxSendBytes, 1, MOST_MESSAGE_BYTES),
    maxReceiveBytes: requireInteger("maxReceiveBytes", maxReceiveBytes, 1, MOST_MESSAGE_BYTES),
  };
}

function requireUserAgent(value: unknown): string {
  if (typeof value === "string" && /^[\x20-\x7e]+$/.test(value)) return value;
  throw invalidArgument("userAgent", value, "a non-empty string of printable ASCII characters");
}
