/** Turns of the event loop, one after the other, with no time between them. */
export interface Turns {
  /** Resolves in the next turn: after every promise callback that can run now has run. */
  next(): Promise<void>;
  close(): void;
}

interface MessagePortLike {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

interface ChannelGlobals {
  readonly MessageChannel: new () => { readonly port1: MessagePortLike; readonly port2: MessagePortLike };
}

/**
 * Opens a source of turns. A message channel, because a timer of 0 ms waits for
 * real time in every runtime, and a fixed number of promise turns is never enough
 * for the longest chain.
 */
export function openTurns(): Turns {
  const { MessageChannel } = globalThis as unknown as ChannelGlobals;
  const { port1, port2 } = new MessageChannel();
  return {
    next: () =>
      new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(undefined);
      }),
    close: () => {
      port1.close();
      port2.close();
    },
  };
}
