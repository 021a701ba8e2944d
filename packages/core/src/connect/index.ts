// Vectron's services for clients and servers of Connect, whose serializers are
// fixed to protobuf-es: its messages carry the bytes of this package's codec.

export { type Opaque, OpaqueSchema } from "../gen/opaque/vectron/opaque/opaque_pb.ts";
export { unwrap, wrap } from "./opaque.ts";
export { type ConnectMethod, connectMethod, connectServices, vectronConnectMethod } from "./services.ts";
