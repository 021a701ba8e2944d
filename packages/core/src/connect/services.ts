import type { DescService } from "@bufbuild/protobuf";
import { AuthService } from "../gen/opaque/vectron/auth/v1/auth_pb.ts";
import { VectronService } from "../gen/opaque/vectron/v1/vectron_pb.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import { lookUp, type MethodIndex } from "../wire/method-index.ts";

/**
 * The protobuf-es descriptors of Vectron's services by full name. Paths, kinds
 * and idempotency are the real ones; every request and reply is an `Opaque`.
 */
export const connectServices = {
  "vectron.v1.VectronService": VectronService,
  "vectron.auth.v1.AuthService": AuthService,
} as const satisfies Record<string, DescService>;

/** A method descriptor of protobuf-es whose request and reply are `Opaque`. */
export type ConnectMethod =
  | (typeof VectronService.method)[keyof typeof VectronService.method]
  | (typeof AuthService.method)[keyof typeof AuthService.method];

// One index for each service: what calls one of them alone leaves the other's descriptors out of its bundle.
let vectronMethods: MethodIndex<ConnectMethod> | undefined;
let authMethods: MethodIndex<ConnectMethod> | undefined;

/**
 * The protobuf-es descriptor of a method of `VectronService`.
 *
 * @throws TypeError for a method that is not of that service
 */
export function vectronConnectMethod(method: MethodDescriptor<unknown, unknown>): ConnectMethod {
  vectronMethods ??= indexOf(VectronService);
  return lookUp(vectronMethods, method);
}

/**
 * The protobuf-es descriptor of a method.
 *
 * @throws TypeError for a method that is not of Vectron's API
 */
export function connectMethod(method: MethodDescriptor<unknown, unknown>): ConnectMethod {
  if (method.service !== AuthService.typeName) return vectronConnectMethod(method);
  authMethods ??= indexOf(AuthService);
  return lookUp(authMethods, method);
}

function indexOf({
  typeName,
  methods,
}: typeof VectronService | typeof AuthService): MethodIndex<ConnectMethod> {
  return new Map(methods.map((method) => [`/${typeName}/${method.name}`, method as ConnectMethod]));
}
