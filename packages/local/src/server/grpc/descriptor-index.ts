import { createRegistry, type DescFile, type DescService, type Registry, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** Finds the files that declare what a server serves: each as the bytes of its `FileDescriptorProto`. */
export class DescriptorIndex {
  /** The full names of the services, in alphabetical order. */
  readonly serviceNames: readonly string[];
  readonly #files = new Map<string, DescFile>();
  readonly #registry: Registry;

  constructor(services: readonly DescService[]) {
    this.serviceNames = services.map(({ typeName }) => typeName).sort();
    for (const { file } of services) this.#add(file);
    this.#registry = createRegistry(...this.#files.values());
  }

  fileByName(name: string): Uint8Array | undefined {
    return encode(this.#files.get(name));
  }

  /** The file of a message, enum, service or extension, or of one of its fields, values or methods. */
  fileOfSymbol(symbol: string): Uint8Array | undefined {
    const declared = this.#registry.get(symbol);
    if (declared !== undefined) return encode(declared.file);
    const dot = symbol.lastIndexOf(".");
    const parent = this.#registry.get(symbol.slice(0, Math.max(dot, 0)));
    const name = symbol.slice(dot + 1);
    return parent !== undefined && memberNames(parent).includes(name) ? encode(parent.file) : undefined;
  }

  fileOfExtension(extendee: string, number: number): Uint8Array | undefined {
    const message = this.#registry.getMessage(extendee);
    return message && encode(this.#registry.getExtensionFor(message, number)?.file);
  }

  /** The numbers of a message's extensions; undefined when there is no such message. */
  extensionNumbers(extendee: string): number[] | undefined {
    if (this.#registry.getMessage(extendee) === undefined) return undefined;
    return [...this.#registry].flatMap((declared) =>
      declared.kind === "extension" && declared.extendee.typeName === extendee ? declared.number : [],
    );
  }

  #add(file: DescFile): void {
    const { name } = file.proto;
    if (this.#files.has(name)) return;
    this.#files.set(name, file);
    for (const dependency of file.dependencies) this.#add(dependency);
  }
}

function encode(file: DescFile | undefined): Uint8Array | undefined {
  return file && toBinary(FileDescriptorProtoSchema, file.proto);
}

function memberNames(declared: NonNullable<ReturnType<Registry["get"]>>): string[] {
  switch (declared.kind) {
    case "message":
      return [...declared.fields, ...declared.oneofs].map(({ name }) => name);
    case "enum":
      return declared.values.map(({ name }) => name);
    case "service":
      return declared.methods.map(({ name }) => name);
    case "extension":
      return [];
  }
}
