/**
 * The few globals that every supported runtime has and that ECMAScript does not
 * define, as structural types: core compiles without the DOM's and Node's
 * declarations, and either runtime's own objects fit.
 */

/** The part of `AbortSignal` that this package uses. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The part of `AbortController` that this package uses. */
export interface AbortControllerLike {
  readonly signal: AbortSignalLike;
  abort(reason?: unknown): void;
}

/** The part of a web `ReadableStream` that this package uses. */
export interface ReadableStreamLike<T> {
  getReader(): {
    read(): Promise<{ done: boolean; value?: T | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

interface TextEncoderLike {
  encode(text: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

interface TextDecoderLike {
  decode(bytes: Uint8Array): string;
}

interface WebGlobals {
  readonly AbortController: new () => AbortControllerLike;
  readonly TextEncoder: new () => TextEncoderLike;
  readonly TextDecoder: new (
    label: string,
    options?: { fatal?: boolean; ignoreBOM?: boolean },
  ) => TextDecoderLike;
  readonly atob: (base64: string) => string;
  readonly setTimeout: (task: () => void, delayMs: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly crypto: { getRandomValues(target: Uint8Array): Uint8Array };
}

/** The globals themselves. Read at the time of use, so that importing does nothing. */
export const webGlobals = globalThis as unknown as WebGlobals;
