import { expect } from "vitest";
import { type ClientOptions, VectronClient, type VectronError } from "../src/index.ts";
import {
  reply,
  type Script,
  ScriptedTransport,
  type ScriptedTransportOptions,
  VirtualClock,
  type VirtualClockOptions,
} from "../src/testing/index.ts";

export interface Bench {
  readonly clock: VirtualClock;
  readonly transport: ScriptedTransport;
  readonly client: VectronClient;
}

export interface BenchOptions extends ClientOptions {
  readonly clock?: VirtualClockOptions;
  readonly transport?: ScriptedTransportOptions;
}

/** A client whose time and transport the test decides on. The clock starts at 0. */
export function bench(
  script: Script,
  { clock: clockOptions, transport: transportOptions, ...options }: BenchOptions = {},
): Bench {
  const clock = new VirtualClock({ startMs: 0, ...clockOptions });
  const transport = new ScriptedTransport(script, { runtime: clock, ...transportOptions });
  return { clock, transport, client: new VectronClient(transport, options, clock) };
}

/** A script in which every attempt of every method succeeds. */
export const ALWAYS_REPLY: Script = () => reply();

export const QUERY = { vector: [1, 2] };

/** What `work` rejects with, which must be of class `errorClass`. */
export async function rejection<T extends VectronError>(
  // biome-ignore lint/suspicious/noExplicitAny: a class with any constructor
  errorClass: abstract new (...args: any[]) => T,
  work: Promise<unknown>,
): Promise<T> {
  const reason = await work.then(
    (value) => expect.fail(`resolved to ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(errorClass);
  return reason as T;
}

/** An abort signal that counts its listeners. */
export function countingSignal(): {
  readonly controller: AbortController;
  readonly signal: AbortSignal;
  listeners(): number;
} {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  return { controller, signal, listeners: () => listeners };
}

/** Collects what a stream brings. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
