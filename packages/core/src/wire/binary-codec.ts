import { authBinaryClient, authBinaryServer } from "../gen/vectron/auth/v1/binary.ts";
import { authService } from "../gen/vectron/auth/v1/methods.ts";
import { vectronBinaryClient, vectronBinaryServer } from "../gen/vectron/v1/binary.ts";
import { vectronService } from "../gen/vectron/v1/methods.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import { type Allocate, encode, type MessageEncoder } from "./binary/encode.ts";
import { decode, type MessageDecoder } from "./binary/reader.ts";
import { indexByPath, lookUp, type MethodIndex } from "./method-index.ts";

/** A client's half of a method's protobuf codec. The functions need no `this`. */
export interface BinaryClientCodec<I, O> {
  /**
   * Throws a `RangeError` naming the field if a number does not fit its type.
   * A request of a bulk load brings its encoding, which is returned as it is: not to
   * be changed, and the request's own until that is answered.
   *
   * @param allocate - where other bytes go. Default: into memory of their own
   */
  readonly encodeRequest: (message: I, allocate?: Allocate) => Uint8Array<ArrayBuffer>;
  /** Throws a `DecodeError` if the bytes are no reply of this method. */
  readonly decodeReply: (bytes: Uint8Array) => O;
  /** The exact size in bytes that `encodeRequest` gives. */
  readonly requestSize: (message: I) => number;
}

/** A server's half of a method's protobuf codec. The functions need no `this`. */
export interface BinaryServerCodec<I, O> {
  /** Throws a `DecodeError` if the bytes are no request of this method. */
  readonly decodeRequest: (bytes: Uint8Array) => I;
  /** Throws a `RangeError` naming the field if a number does not fit its type. */
  readonly encodeReply: (message: O) => Uint8Array<ArrayBuffer>;
}

/** A method's whole protobuf codec. */
export type BinaryCodec<I, O> = BinaryClientCodec<I, O> & BinaryServerCodec<I, O>;

/** What holds of the entries for all methods: what goes in is of the method's own type. */
type Entry = MessageEncoder<never> & MessageDecoder<unknown>;

// One index for each service: what calls one of them alone leaves the other's tables out of its bundle.
let vectronClient: MethodIndex<BinaryClientCodec<never, unknown>> | undefined;
let authClient: MethodIndex<BinaryClientCodec<never, unknown>> | undefined;
let serverCodecs: MethodIndex<BinaryServerCodec<unknown, never>> | undefined;

/**
 * What a client needs to call a method of `VectronService` in the protobuf encoding.
 *
 * @throws TypeError for a method that is not of that service
 */
export function vectronBinaryClientCodec<I, O>(method: MethodDescriptor<I, O>): BinaryClientCodec<I, O> {
  vectronClient ??= indexByPath(vectronService, vectronBinaryClient, clientCodec);
  // The tables pair each path with the codec of its messages' types.
  return lookUp(vectronClient, method) as BinaryClientCodec<I, O>;
}

/**
 * What a client needs to call a method in the protobuf encoding.
 *
 * @throws TypeError for a method that is not of Vectron's API
 */
export function binaryClientCodec<I, O>(method: MethodDescriptor<I, O>): BinaryClientCodec<I, O> {
  if (method.service !== authService.login.service) return vectronBinaryClientCodec(method);
  authClient ??= indexByPath(authService, authBinaryClient, clientCodec);
  return lookUp(authClient, method) as BinaryClientCodec<I, O>;
}

function clientCodec(entry: Entry): BinaryClientCodec<never, unknown> {
  return {
    encodeRequest: (message, allocate) => encode(entry, message, allocate),
    decodeReply: (bytes) => decode(entry, bytes),
    requestSize: entry.size,
  };
}

/**
 * What a server needs to answer a method in the protobuf encoding.
 *
 * @throws TypeError for a method that is not of Vectron's API
 */
export function binaryServerCodec<I, O>(method: MethodDescriptor<I, O>): BinaryServerCodec<I, O> {
  serverCodecs ??= new Map([
    ...indexByPath(vectronService, vectronBinaryServer, serverCodec),
    ...indexByPath(authService, authBinaryServer, serverCodec),
  ]);
  return lookUp(serverCodecs, method) as BinaryServerCodec<I, O>;
}

function serverCodec(entry: Entry): BinaryServerCodec<unknown, never> {
  return {
    decodeRequest: (bytes) => decode(entry, bytes),
    encodeReply: (message) => encode(entry, message),
  };
}

/**
 * Both halves of a method's codec in the protobuf encoding. A client or server
 * alone keeps its bundle small with its own half.
 *
 * @throws TypeError for a method that is not of Vectron's API
 */
export function binaryCodec<I, O>(method: MethodDescriptor<I, O>): BinaryCodec<I, O> {
  return { ...binaryClientCodec(method), ...binaryServerCodec(method) };
}
