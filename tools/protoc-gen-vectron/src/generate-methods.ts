import type { DescFile, DescMethod, DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { GeneratedFile } from "@bufbuild/protoplugin";
import { printComment } from "./comments.ts";
import { messageType } from "./generate-messages.ts";
import { methodKey, runtimePath, serviceConstant } from "./names.ts";

/** Writes the method descriptors of a file's services. */
export function generateMethods(file: GeneratedFile, proto: DescFile): void {
  for (const service of proto.services) {
    printServiceType(file, service);
    printServiceConstant(file, service);
  }
}

function printServiceType(file: GeneratedFile, service: DescService): void {
  const descriptor = file.import("MethodDescriptor", runtimePath("transport/method"), true);
  printComment(file, service);
  file.print(file.export("interface", service.name), " {");
  for (const method of service.methods) {
    const input = messageType(file, method.input);
    const output = messageType(file, method.output);
    printComment(file, method);
    file.print("readonly ", methodKey(method), ": ", descriptor, "<", input, ", ", output, ">;");
  }
  file.print("}");
  file.print();
}

function printServiceConstant(file: GeneratedFile, service: DescService): void {
  file.print("/** The methods of `", service.typeName, "`. */");
  file.print(file.export("const", serviceConstant(service)), ": ", service.name, " = {");
  for (const method of service.methods) {
    const { NO_SIDE_EFFECTS, IDEMPOTENT } = MethodOptions_IdempotencyLevel;
    const readOnly = method.idempotency === NO_SIDE_EFFECTS;
    file.print(methodKey(method), ": {");
    file.print("service: ", file.string(service.typeName), ",");
    file.print("name: ", file.string(method.name), ",");
    file.print("path: ", file.string(`/${service.typeName}/${method.name}`), ",");
    file.print("kind: ", file.string(methodKind(method)), ",");
    file.print("idempotent: ", readOnly || method.idempotency === IDEMPOTENT, ",");
    file.print("readOnly: ", readOnly, ",");
    file.print("},");
  }
  file.print("};");
  file.print();
}

function methodKind(method: DescMethod): "unary" | "server-stream" {
  switch (method.methodKind) {
    case "unary":
      return "unary";
    case "server_streaming":
      return "server-stream";
    default:
      throw new Error(`${method.parent.typeName}.${method.name}: client streams are not supported`);
  }
}
