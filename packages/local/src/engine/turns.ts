/** What may be there to end a turn of the event loop with; a timer always is, and is the slowest. */
interface Runtime {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null; close(): void };
    readonly port2: { postMessage(message: unknown): void };
  };
  readonly setTimeout: (callback: () => void, delayMs: number) => unknown;
}

let last: Promise<void> = Promise.resolve();

/**
 * Resolves in a later turn of the event loop. Of all who wait one goes on in each
 * turn, so that between any two of them others are served.
 */
export function nextTurn(): Promise<void> {
  last = last.then(endTurn);
  return last;
}

function endTurn(): Promise<void> {
  const runtime = globalThis as unknown as Runtime;
  return new Promise((resolve) => {
    if (runtime.setImmediate !== undefined) runtime.setImmediate(resolve);
    else if (runtime.MessageChannel !== undefined) post(new runtime.MessageChannel(), resolve);
    else runtime.setTimeout(resolve, 0);
  });
}

function post(
  { port1, port2 }: InstanceType<NonNullable<Runtime["MessageChannel"]>>,
  resolve: () => void,
): void {
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(null);
}
