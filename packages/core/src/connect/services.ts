import type { DescService } from "@bufbuild/protobuf";
import { AuthService } from "../gen/opaque/vectron/auth/v1/auth_pb.ts";
import { VectronService } from "../gen/opaque/vectron/v1/vectron_pb.ts";
import type { MethodDescriptor } from "../transport/method.ts";

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

/**
 * The protobuf-es descriptor of a method.
 *
 * @throws TypeError for a method that is not of Vectron's API
 */
export function connectMethod(method: MethodDescriptor<unknown, unknown>): ConnectMethod {
  const methods: ConnectMethod[] = Object.values(connectServices).flatMap((service) =>
    Object.values(service.method),
  );
  const found = methods.find(
    (candidate) => candidate.parent.typeName === method.service && candidate.name === method.name,
  );
  if (found === undefined)
    throw new TypeError(`${method.path} is not a method of this version of Vectron's API`);
  return found;
}
