import type { DescFile, DescMethod, DescService } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable, Schema } from "@bufbuild/protoplugin";
import { fieldType } from "./field-type.ts";
import { type HttpBinding, httpBinding } from "./http-rule.ts";
import { importPath, methodKey, runtimePath, serviceConstant, servicePrefix } from "./names.ts";

/** Writes where a file's methods are found over HTTP, as data. */
export function generateRoutes(file: GeneratedFile, proto: DescFile, schema: Schema): void {
  for (const service of proto.services) printRoutes(file, service, schema);
}

function printRoutes(file: GeneratedFile, service: DescService, schema: Schema): void {
  const type = file.import("RouteTable", runtimePath("wire/http/route"), true);
  const serviceType = file.import(service.name, importPath(service.file, "methods.ts"), true);
  file.print(
    "/** Where the methods of `",
    serviceConstant(service),
    "` are found over HTTP; some are not. */",
  );
  file.print(file.export("const", `${servicePrefix(service)}Routes`), ": ", type, "<", serviceType, "> = {");
  for (const method of service.methods) {
    const binding = httpBinding(schema, method);
    if (binding !== undefined) printRoute(file, method, binding);
  }
  file.print("};");
  file.print();
}

function printRoute(file: GeneratedFile, method: DescMethod, binding: HttpBinding): void {
  const segments = binding.template.replace(/^\//, "").split("/");
  const path = segments.map((segment) => pathSegment(file, method, segment));
  file.print(methodKey(method), ": {");
  file.print("httpMethod: ", file.string(binding.httpMethod), ",");
  file.print("path: ", file.array(path), ",");
  file.print("hasBody: ", binding.hasBody, ",");
  file.print("},");
  const inPath = segments.filter((segment) => segment.startsWith("{")).length;
  if (!binding.hasBody && inPath !== method.input.fields.length) {
    throw new Error(`${method.name}: fields in the query string are not supported`);
  }
}

function pathSegment(file: GeneratedFile, method: DescMethod, segment: string): Printable {
  const name = /^\{(\w+)\}$/.exec(segment)?.[1];
  if (name === undefined) {
    if (/[{}*:]/.test(segment)) throw new Error(`${method.name}: ${segment} is not supported in a path`);
    return file.string(segment);
  }
  const field = method.input.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`${method.name}: there is no field ${name}`);
  const type = fieldType(field);
  if (type.kind !== "scalar" || type.scalar !== "string")
    throw new Error(`${method.name}: ${name} is no string`);
  return ["{ field: ", file.string(field.jsonName), " }"];
}
