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
    const { format = "binary" } = options;
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
    const { name } = options;
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
      yield piece;
    }
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new CancelledError("the client is closed");
  }
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
