import type { MethodDescriptor } from "../transport/method.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { isScriptedMethod, type ScriptedMethod, type ScriptedServices } from "./scripted-method.ts";
import type { Step } from "./step.ts";

type StepOf<M> = M extends MethodDescriptor<infer I, infer O> ? Step<I, O> : never;

/**
 * What each attempt does.
 *
 * - an object: steps for each method, such as `{ search: [fail("UNAVAILABLE"), reply()] }`;
 * - an array: steps for whatever attempt comes next;
 * - a function: asked at each attempt.
 */
export type Script =
  | { readonly [K in ScriptedMethod]?: readonly StepOf<ScriptedServices[K]>[] }
  | readonly Step[]
  | ((call: RecordedCall) => Step);

/** A step that no attempt has reached. */
export interface UnusedStep {
  /** The method that the step is for; undefined in a script for all methods. */
  readonly method: ScriptedMethod | undefined;
  /** Its place among the steps of that method, from 0. */
  readonly index: number;
  readonly step: Step;
}

/** Hands out a script's steps, each once. */
export interface StepSource {
  /** The step of one attempt; undefined when the script has none left for it. */
  take(call: RecordedCall): Step | undefined;
  unused(): readonly UnusedStep[];
}

/** The steps of a script, in its three forms. */
export function stepsOf(script: Script): StepSource {
  if (typeof script === "function") return { take: script, unused: () => [] };
  if (isList(script)) {
    const queue = new StepQueue(undefined, script);
    return { take: () => queue.next(), unused: () => queue.rest() };
  }
  const queues = new Map(Object.entries(script).map(([name, steps]) => [name, queueOf(name, steps)]));
  return {
    take: ({ method }) => queues.get(method)?.next(),
    unused: () => [...queues.values()].flatMap((queue) => queue.rest()),
  };
}

// Array.isArray does not narrow a union with a read-only array.
function isList(script: object): script is readonly Step[] {
  return Array.isArray(script);
}

function queueOf(name: string, steps: readonly Step[] = []): StepQueue {
  if (!isScriptedMethod(name))
    throw new TypeError(`the script names a method that does not exist: "${name}"`);
  return new StepQueue(name, steps);
}

class StepQueue {
  readonly #method: ScriptedMethod | undefined;
  readonly #steps: readonly Step[];
  #used = 0;

  constructor(method: ScriptedMethod | undefined, steps: readonly Step[]) {
    this.#method = method;
    this.#steps = steps;
  }

  next(): Step | undefined {
    const step = this.#steps[this.#used];
    if (step !== undefined) this.#used += 1;
    return step;
  }

  rest(): UnusedStep[] {
    return this.#steps
      .slice(this.#used)
      .map((step, index) => ({ method: this.#method, index: this.#used + index, step }));
  }
}
