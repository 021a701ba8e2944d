import { KERNEL_BASE64 } from "./gen/kernel.ts";

/** The part of a `WebAssembly.Memory` that is used. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What `kernel/scan.ts` exports; addresses are bytes of the memory it was given. */
export interface Kernel {
  scan(
    firstGroup: number,
    groups: number,
    steps: number,
    query: number,
    boundsOut: number,
    rowsOut: number,
    threshold: number,
    dotFactor: number,
    dotError: number,
    errorFactor: number,
  ): number;
}

interface WebAssemblyApi {
  readonly Memory: new (descriptor: { readonly initial: number; readonly maximum: number }) => KernelMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: KernelMemory } },
  ) => { readonly exports: unknown };
}

/** Bytes of the unit in which a memory grows. */
export const PAGE_BYTES = 65_536;

/** Undefined until first needed, null where it cannot run. */
let compiled: object | null | undefined;

/**
 * Whether the kernel runs here. It does not where WebAssembly or its SIMD
 * instructions are missing, where a policy forbids to compile code (a browser's
 * Content-Security-Policy, some edge runtimes), and on big-endian machines,
 * whose typed arrays do not have the byte order of WebAssembly.
 */
export function isKernelSupported(): boolean {
  return kernelModule() !== null;
}

/** A memory of its own, of at least `bytes`, that can grow to `maxBytes`. Throws a RangeError when there is no room. */
export function createMemory(bytes: number, maxBytes: number): KernelMemory {
  return new (webAssembly().Memory)({ initial: pagesOf(bytes), maximum: pagesOf(maxBytes) });
}

/** The kernel over a memory. Only where it is supported. */
export function createKernel(memory: KernelMemory): Kernel {
  const module = kernelModule();
  if (module === null) throw new Error("the scan kernel does not run here");
  return new (webAssembly().Instance)(module, { env: { memory } }).exports as Kernel;
}

/** Pages that hold a number of bytes. */
export function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}

function kernelModule(): object | null {
  if (compiled === undefined) compiled = compile();
  return compiled;
}

function compile(): object | null {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) return null;
  try {
    return new (webAssembly().Module)(Uint8Array.from(atob(KERNEL_BASE64), (char) => char.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** The runtime's own; the language's standard library has no type for it. */
function webAssembly(): WebAssemblyApi {
  return (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
}
