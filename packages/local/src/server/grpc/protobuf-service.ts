import {
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";

/** The two messages of a method, where they are not those that its service declares. */
export interface MethodSchemas {
  readonly input: DescMessage;
  readonly output: DescMessage;
}

/**
 * A service whose messages are those of protobuf-es, as `Server.addService` takes it.
 *
 * @param schemasOf - what a method's messages are decoded and encoded as. Default: as it declares
 */
export function protobufService(
  service: DescService,
  schemasOf: (method: DescMethod) => MethodSchemas = (method) => method,
): ServiceDefinition {
  const define = (method: DescMethod) => [
    method.localName,
    definitionOf(`/${service.typeName}/${method.name}`, method, schemasOf(method)),
  ];
  return Object.fromEntries(service.methods.map(define));
}

function definitionOf(
  path: string,
  { methodKind }: DescMethod,
  { input, output }: MethodSchemas,
): MethodDefinition<MessageShape<DescMessage>, MessageShape<DescMessage>> {
  return {
    path,
    requestStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
    responseStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
    requestSerialize: (message) => Buffer.from(toBinary(input, message)),
    requestDeserialize: (bytes) => fromBinary(input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(output, message)),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  };
}
