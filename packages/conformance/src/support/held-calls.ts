import type { Interceptor, InterceptorCall } from "@vectron/core";

/** An interceptor that keeps every call from being sent, and tells when one has come. */
export class HeldCalls {
  /** The calls that are being held, in the order of their coming. */
  readonly calls: InterceptorCall[] = [];
  readonly #waiting: { count: number; resolve: () => void }[] = [];

  readonly interceptor: Interceptor = () => (call) => {
    this.calls.push(call);
    for (const { count, resolve } of this.#waiting) if (this.calls.length >= count) resolve();
    return new Promise(() => undefined);
  };

  /** Resolves when that many calls have come. */
  arrived(count: number): Promise<void> {
    if (this.calls.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

/** Resolves when a call is told that it has ended early. */
export function ended({ signal }: InterceptorCall): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
