import type { DescMessage, DescService } from "@bufbuild/protobuf";
import type { GeneratedFile } from "@bufbuild/protoplugin";
import { importPath, methodKey, runtimePath, servicePrefix } from "./names.ts";

/** A table to print: how one format's codecs are kept for each method. */
export interface MethodTable {
  readonly format: "Binary" | "Json";
  /** Prints the properties of an entry, given the message that is encoded and the one that is decoded. */
  readonly printEntry: (encoded: DescMessage, decoded: DescMessage) => void;
}

/** Prints a service's codecs by method, once as a client uses them and once as a server does. */
export function printMethodTables(file: GeneratedFile, service: DescService, table: MethodTable): void {
  for (const side of ["Client", "Server"] as const) {
    const name = `${servicePrefix(service)}${table.format}${side}`;
    const module = `wire/${table.format.toLowerCase()}/table`;
    const type = file.import(`${table.format}${side}Table`, runtimePath(module), true);
    const serviceType = file.import(service.name, importPath(service.file, "methods.ts"), true);
    file.print("/** How a ", side.toLowerCase(), " encodes and decodes each method's messages. */");
    file.print(file.export("const", name), ": ", type, "<", serviceType, "> = {");
    for (const method of service.methods) {
      file.print(methodKey(method), ": {");
      if (side === "Client") table.printEntry(method.input, method.output);
      else table.printEntry(method.output, method.input);
      file.print("},");
    }
    file.print("};");
    file.print();
  }
}
