import {
  AlreadyExistsError,
  CancelledError,
  type ErrorCode,
  InvalidArgumentError,
  NotFoundError,
  TransportFailure,
  VectronError,
} from "@vectron/core";
import type { Engine } from "../engine/engine.ts";
import { existing } from "../service/point-handlers.ts";
import { exportCollection } from "./export-collection.ts";
import { EXPORT_FORMATS, type ExportFormat } from "./export-format.ts";
import { type ImportedCollection, importCollection } from "./import-collection.ts";

/** Options of `exportCollection`. */
export interface ExportOptions {
  /** Default `binary`: compact. `jsonl`: a JSON object a line, to read, to edit and to make by other means. */
  readonly format?: ExportFormat | undefined;
}

/** Options of `importCollection`. */
export interface ImportOptions {
  /** What to call the collection. Default: what the exported one was called. */
  readonly name?: string | undefined;
}

/** Exports and imports of an engine, with the errors of a client. */
export class Backup {
  readonly #engine: Engine;
  #isClosed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async *exportCollection(name: string, options: ExportOptions = {}): AsyncGenerator<Uint8Array, void, void> {
    const { format = "binary" } = checked(options, ["format"]);
    if (!EXPORT_FORMATS.includes(format)) {
      throw new InvalidArgumentError(`format must be "jsonl" or "binary", got ${JSON.stringify(format)}`);
    }
    this.#refuseClosed();
    try {
      yield* this.#whileOpen(exportCollection(existing(this.#engine, name), format));
    } catch (error) {
      throw asVectronError(error);
    }
  }

  async importCollection(
    bytes: AsyncIterable<Uint8Array>,
    options: ImportOptions = {},
  ): Promise<ImportedCollection> {
    const { name } = checked(options, ["name"]);
    requireBytes(bytes);
    if (name !== undefined && (typeof name !== "string" || name === "")) {
      throw new InvalidArgumentError(`name must be a non-empty string, got ${JSON.stringify(name)}`);
    }
    this.#refuseClosed();
    try {
      return await importCollection(this.#engine, this.#whileOpen(bytes), name);
    } catch (error) {
      throw asVectronError(error);
    }
  }

  /** What is under way ends with `CancelledError`. */
  close(): void {
    this.#isClosed = true;
  }

  async *#whileOpen(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const piece of pieces) {
      this.#refuseClosed();
      if (Object.prototype.toString.call(piece) !== "[object Uint8Array]") {
        throw new InvalidArgumentError(`bytes must yield pieces that are Uint8Array, got ${nameOf(piece)}`);
      }
      yield piece;
    }
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new CancelledError("the client is closed");
  }
}

/** A mistyped option would be an option that has no effect. */
function checked<T extends object>(options: T, names: readonly (keyof T & string)[]): T {
  if (typeof options !== "object" || options === null) {
    throw new InvalidArgumentError(`options must be an object, got ${String(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !names.some((known) => known === name));
  if (unknown === undefined) return options;
  throw new InvalidArgumentError(`options has no property "${unknown}"; it has ${names.join(", ")}`);
}

function requireBytes(bytes: unknown): void {
  // An array of bytes is iterable, byte by byte.
  const isStream = typeof bytes === "object" && bytes !== null && Symbol.asyncIterator in bytes;
  if (isStream) return;
  throw new InvalidArgumentError(
    `bytes must be an async iterable of Uint8Array, such as createReadStream gives, got ${nameOf(bytes)}`,
  );
}

function nameOf(value: unknown): string {
  return typeof value === "object" && value !== null
    ? (value.constructor?.name ?? "an object")
    : typeof value;
}

const CLASSES: Partial<
  Record<ErrorCode, new (message: string, details: { cause: unknown }) => VectronError>
> = {
  NOT_FOUND: NotFoundError,
  ALREADY_EXISTS: AlreadyExistsError,
  INVALID_ARGUMENT: InvalidArgumentError,
  CANCELLED: CancelledError,
};

function asVectronError(error: unknown): unknown {
  if (!(error instanceof TransportFailure)) return error;
  const { code, message, cause } = error;
  const ErrorClass = CLASSES[code];
  return ErrorClass ? new ErrorClass(message, { cause }) : new VectronError(code, message, { cause });
}
