import { authJsonClient } from "../gen/vectron/auth/v1/json.ts";
import { authService } from "../gen/vectron/auth/v1/methods.ts";
import { vectronJsonClient } from "../gen/vectron/v1/json.ts";
import { vectronService } from "../gen/vectron/v1/methods.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import { parseJson } from "./json/from-json.ts";
import type { JsonMessages } from "./json/table.ts";
import { indexByPath, lookUp, type MethodIndex } from "./method-index.ts";

/** A client's half of a method's ProtoJSON codec. The functions need no `this`. */
export interface JsonClientCodec<I, O> {
  /** The request as JSON text. */
  readonly encodeRequest: (message: I) => string;
  /** Throws a `DecodeError` that names the field that is wrong, if the text is no reply of this method. */
  readonly decodeReply: (text: string) => O;
}

// One index for each service: what calls one of them alone leaves the other's tables out of its bundle.
let vectronCodecs: MethodIndex<JsonClientCodec<never, unknown>> | undefined;
let authCodecs: MethodIndex<JsonClientCodec<never, unknown>> | undefined;

/**
 * What a client needs to call a method of `VectronService` in ProtoJSON.
 *
 * @throws TypeError for a method that is not of that service
 */
export function vectronJsonClientCodec<I, O>(method: MethodDescriptor<I, O>): JsonClientCodec<I, O> {
  vectronCodecs ??= indexByPath(vectronService, vectronJsonClient, clientCodec);
  // The tables pair each path with the codec of its messages' types.
  return lookUp(vectronCodecs, method) as JsonClientCodec<I, O>;
}

/**
 * What a client needs to call a method of `AuthService` in ProtoJSON.
 *
 * @throws TypeError for a method that is not of that service
 */
export function authJsonClientCodec<I, O>(method: MethodDescriptor<I, O>): JsonClientCodec<I, O> {
  authCodecs ??= indexByPath(authService, authJsonClient, clientCodec);
  return lookUp(authCodecs, method) as JsonClientCodec<I, O>;
}

function clientCodec({ write, parse }: JsonMessages<never, unknown>): JsonClientCodec<never, unknown> {
  return {
    encodeRequest: (message) => JSON.stringify(write(message)),
    decodeReply: (text) => parse(parseJson(text)),
  };
}
