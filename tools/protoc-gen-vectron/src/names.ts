import type { DescEnum, DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";

/** The files that can be written for a proto file. */
export type OutputFile =
  | "messages.ts"
  | "enums.ts"
  | "methods.ts"
  | "size.ts"
  | "binary.ts"
  | "json.ts"
  | "routes.ts";

/** Where a proto file's output goes, from the root of the generated code: one folder per package. */
export function outputPath(proto: DescFile, name: OutputFile): string {
  return `${proto.proto.package.replaceAll(".", "/")}/${name}`;
}

/** How another generated file is named in `GeneratedFile.import`, which wants a `.js` path. */
export function importPath(proto: DescFile, name: OutputFile): string {
  return `./${outputPath(proto, name).replace(/\.ts$/, ".js")}`;
}

/** How a hand-written module beside the generated code is named in `GeneratedFile.import`. */
export function runtimePath(module: string): string {
  return `../${module}.js`;
}

// Acronyms have no boundary that can be seen in a name like CreateSDKJWT.
const WORD = /API|SDK|JWT|[A-Z][a-z0-9]*/g;

function words(name: string): string[] {
  const found = name.match(WORD) ?? [];
  if (found.join("") !== name) {
    throw new Error(`${name} does not split into words: teach WORD its acronym`);
  }
  return found;
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

/** `CreateSDKJWT` as `createSdkJwt`. */
export function camelCase(name: string): string {
  const [first = "", ...rest] = words(name);
  return first.toLowerCase() + rest.map(capitalize).join("");
}

/** `SubscriptionStatus` as `SUBSCRIPTION_STATUS`. */
function upperSnakeCase(name: string): string {
  return words(name)
    .map((word) => word.toUpperCase())
    .join("_");
}

/** The key of a method in its service's tables. */
export function methodKey(method: DescMethod): string {
  return camelCase(method.name);
}

/** The constant that holds a service's method descriptors, `vectronService`. */
export function serviceConstant(service: DescService): string {
  return camelCase(service.name);
}

/** `vectronService` without its suffix, for the names of tables: `vectron`. */
export function servicePrefix(service: DescService): string {
  return camelCase(service.name.replace(/Service$/, ""));
}

/** The constant that holds an enum's numbers by name, `SUBSCRIPTION_STATUS`. */
export function enumConstant(desc: DescEnum): string {
  return upperSnakeCase(desc.name);
}

/** The TypeScript name of a message; nested messages are not supported. */
export function messageName(desc: DescMessage): string {
  if (desc.parent !== undefined) throw new Error(`${desc.typeName}: nested messages are not supported`);
  return desc.name;
}
