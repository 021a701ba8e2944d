import { authJsonServer } from "../gen/vectron/auth/v1/json.ts";
import { authService } from "../gen/vectron/auth/v1/methods.ts";
import { vectronJsonServer } from "../gen/vectron/v1/json.ts";
import { vectronService } from "../gen/vectron/v1/methods.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import { parseJson } from "./json/from-json.ts";
import type { JsonMessages } from "./json/table.ts";
import { indexByPath, lookUp, type MethodIndex } from "./method-index.ts";

/** A server's half of a method's ProtoJSON codec. The functions need no `this`. */
export interface JsonServerCodec<I, O> {
  /**
   * The request that a body and a path make together. A blank body is an empty
   * message, which is also what to pass for a route without a body; a field of
   * the path replaces the body's. Throws a `DecodeError` that names the field
   * that is wrong.
   */
  readonly decodeRequest: (body: string, pathFields: Readonly<Record<string, string>>) => I;
  /** The reply as JSON text, every field included, as grpc-gateway writes it. */
  readonly encodeReply: (message: O) => string;
}

let codecs: MethodIndex<JsonServerCodec<unknown, never>> | undefined;

/**
 * What a server needs to answer a method in ProtoJSON.
 *
 * @throws TypeError for a method that is not of Vectron's API
 */
export function jsonServerCodec<I, O>(method: MethodDescriptor<I, O>): JsonServerCodec<I, O> {
  codecs ??= new Map([
    ...indexByPath(vectronService, vectronJsonServer, serverCodec),
    ...indexByPath(authService, authJsonServer, serverCodec),
  ]);
  // The tables pair each path with the codec of its messages' types.
  return lookUp(codecs, method) as JsonServerCodec<I, O>;
}

function serverCodec({ write, parse }: JsonMessages<never, object>): JsonServerCodec<unknown, never> {
  return {
    decodeRequest: (body, pathFields) => Object.assign(parse(parseBody(body)), pathFields),
    encodeReply: (message) => JSON.stringify(write(message)),
  };
}

function parseBody(body: string): unknown {
  return body.trim() === "" ? {} : parseJson(body);
}
