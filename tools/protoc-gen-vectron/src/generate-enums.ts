import type { DescFile } from "@bufbuild/protobuf";
import type { GeneratedFile } from "@bufbuild/protoplugin";
import { printComment } from "./comments.ts";
import { enumConstant } from "./names.ts";

/** Writes the enums of a file as tables from name to number. */
export function generateEnums(file: GeneratedFile, proto: DescFile): void {
  for (const desc of proto.enums) {
    printComment(file, desc);
    file.print(file.export("const", enumConstant(desc)), " = {");
    for (const value of desc.values) file.print(value.name, ": ", value.number, ",");
    file.print("} as const;");
    file.print();
  }
}
