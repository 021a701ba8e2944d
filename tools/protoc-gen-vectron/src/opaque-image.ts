import { clone, create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  DescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
  ServiceDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/** The message that stands for every request and reply. */
const OPAQUE = "vectron.opaque.Opaque";
const OPAQUE_FILE = "vectron/opaque/opaque.proto";

/**
 * Reduces a file descriptor set to its services, with every request and reply
 * replaced by one empty message. protobuf-es keeps unknown fields, so an empty
 * message can carry any other message's bytes through a client whose
 * serializers are fixed to protobuf-es.
 */
export function opaqueImage(image: Uint8Array): Uint8Array {
  const files = fromBinary(FileDescriptorSetSchema, image).file.filter((file) => file.service.length > 0);
  const set: FileDescriptorSet = create(FileDescriptorSetSchema, {
    file: [opaqueFile(), ...files.map(withOpaqueMessages)],
  });
  return toBinary(FileDescriptorSetSchema, set);
}

function opaqueFile(): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: OPAQUE_FILE,
    package: "vectron.opaque",
    syntax: "proto3",
    messageType: [create(DescriptorProtoSchema, { name: "Opaque" })],
  });
}

function withOpaqueMessages(file: FileDescriptorProto): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: file.name,
    package: file.package,
    syntax: file.syntax,
    dependency: [OPAQUE_FILE],
    service: file.service.map((service) => {
      const opaque = clone(ServiceDescriptorProtoSchema, service);
      for (const method of opaque.method) {
        method.inputType = `.${OPAQUE}`;
        method.outputType = `.${OPAQUE}`;
        // Only the idempotency level is kept: the HTTP rules name fields that no longer exist.
        if (method.options !== undefined) delete method.options.$unknown;
      }
      return opaque;
    }),
  });
}
