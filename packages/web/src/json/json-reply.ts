import { type ErrorCode, STATUS_CODES, TransportFailure, type TransportReply } from "@vectron/core";
import { readText } from "../http/read-text.ts";
import { replyMetadata } from "../http/reply-metadata.ts";
import { readErrorBody, statusFailure } from "../http/status-failure.ts";
import type { JsonSettings } from "./json-options.ts";

/** What a reply is read as. */
export interface ReplyFormat<O> {
  /** The method's name, for errors. */
  readonly method: string;
  /** Throws what is wrong with the text. */
  readonly decode: (text: string) => O;
}

/**
 * Reads the response to a call.
 *
 * @throws TransportFailure when it is an error, or not what a gateway answers
 */
export async function readReply<O>(
  response: Response,
  { baseUrl, maxReceiveBytes }: JsonSettings,
  { method, decode }: ReplyFormat<O>,
): Promise<TransportReply<O>> {
  const endpoint = baseUrl.href;
  const isJson = JSON_TYPE.test(response.headers.get("content-type") ?? "");
  if (!response.ok || !isJson) throw await errorOf(response, endpoint);
  const metadata = replyMetadata(response.headers);
  const text = await readText(response, maxReceiveBytes, endpoint);
  try {
    return { message: decode(text), metadata };
  } catch (cause) {
    const reason = text === "" ? "is empty" : `cannot be decoded: ${(cause as Error).message}`;
    throw new TransportFailure("INTERNAL", `the reply to ${method} from ${endpoint} ${reason}`, {
      metadata,
      cause,
      requestSent: "yes",
    });
  }
}

const JSON_TYPE = /^application\/json\b/i;

async function errorOf(response: Response, endpoint: string): Promise<TransportFailure> {
  const body = await readErrorBody(response);
  const error = readGatewayError(body);
  if (error === undefined) {
    return statusFailure(response, body, {
      endpoint,
      notServed: "there is no Vectron gateway; check baseUrl",
    });
  }
  const metadata = replyMetadata(response.headers);
  return new TransportFailure(error.code, error.message, { metadata, requestSent: "yes" });
}

/** The error in a gateway's body, `{"code":5,"message":"...","details":[]}`; undefined when it is no such thing. */
function readGatewayError(body: string): { code: ErrorCode; message: string } | undefined {
  try {
    const { code: number, message } = JSON.parse(body) as { code?: unknown; message?: unknown };
    const code = STATUS_CODES[number as number];
    if (code === undefined || code === "OK" || typeof message !== "string") return undefined;
    // How grpc-gateway answers a path that is none of its routes: the prefix is wrong, nothing else is missing.
    return code === "NOT_FOUND" && message === "Not Found" ? undefined : { code, message };
  } catch {
    return undefined;
  }
}
