import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { type GeneratedFile, getComments } from "@bufbuild/protoplugin";

/** Prints the comment above a declaration in the proto file, if there is one. */
export function printComment(
  file: GeneratedFile,
  desc: Exclude<AnyDesc, DescFile>,
  note?: string | undefined,
): void {
  const text = commentText(desc);
  const full = [text, note].filter((part) => part !== undefined && part !== "").join("\n");
  if (full === "") return;
  if (full.includes("\n")) file.print(file.jsDoc(full));
  else file.print("/** ", full, " */");
}

function commentText(desc: Exclude<AnyDesc, DescFile>): string {
  const { leading = "", trailing = "" } = getComments(desc);
  return `${leading}${trailing}`
    .split("\n")
    .map((line) => line.replace(/^ /, ""))
    .join("\n")
    .trim();
}
