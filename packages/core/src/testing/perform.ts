import type { Runtime } from "../runtime/runtime.ts";
import type { Transport, TransportCall, TransportReply } from "../transport/transport.ts";
import { defaultReply } from "./default-replies.ts";
import { pause } from "./pause.ts";
import {
  type CrashStep,
  type FailStep,
  failureOf,
  type Scripted,
  type Step,
  type StepOptions,
} from "./step.ts";

/** What performing a step needs beside the step itself. */
export interface Stage<I, O> {
  readonly call: TransportCall<I, O>;
  readonly runtime: Runtime;
  readonly behind: Transport | undefined;
}

/** Does what a step says to a unary call. */
export async function performUnary<I, O>(step: Step, stage: Stage<I, O>): Promise<TransportReply<O>> {
  switch (step.kind) {
    case "reply":
      await wait(step.options, stage);
      return { message: messageOf(step.message, stage), metadata: step.options.metadata ?? {} };
    case "pass": {
      await wait(step.options, stage);
      const reply = await behindOf(stage).unary(stage.call);
      if (step.options.lost !== undefined) await stop(step.options.lost, stage);
      return reply;
    }
    case "stream":
      throw new TypeError(`${stage.call.method.name} is not a stream: script it with reply()`);
    default:
      return stop(step, stage);
  }
}

/** Does what a step says to a streaming call. */
export async function* performStream<I, O>(step: Step, stage: Stage<I, O>): AsyncGenerator<O, void> {
  switch (step.kind) {
    case "reply":
      await wait(step.options, stage);
      yield messageOf(step.message, stage);
      return;
    case "pass":
      await wait(step.options, stage);
      yield* behindOf(stage).serverStream(stage.call);
      if (step.options.lost !== undefined) await stop(step.options.lost, stage);
      return;
    case "stream": {
      const { everyMs, end } = step.options;
      await wait(step.options, stage);
      for (const [index, message] of step.messages.entries()) {
        if (index > 0) await wait({ ...step.options, afterMs: everyMs }, stage);
        yield messageOf(message, stage);
      }
      if (end !== undefined) await stop(end, stage);
      return;
    }
    default:
      await stop(step, stage);
  }
}

async function stop<I, O>(step: FailStep | CrashStep, stage: Stage<I, O>): Promise<never> {
  await wait(step.options, stage);
  throw step.kind === "fail" ? failureOf(step) : step.error;
}

function wait<I, O>(
  { afterMs = 0, ignoreAbort }: StepOptions,
  { call, runtime }: Stage<I, O>,
): Promise<void> {
  return pause(afterMs, { runtime, signal: ignoreAbort ? undefined : call.signal });
}

function messageOf<I, O>(scripted: Scripted<never, object> | undefined, { call }: Stage<I, O>): O {
  if (scripted === undefined) return defaultReply(call.method, call.message);
  return (typeof scripted === "function" ? scripted(call.message as never) : scripted) as O;
}

function behindOf<I, O>({ behind }: Stage<I, O>): Transport {
  if (behind === undefined) throw new TypeError("pass() needs a transport to pass to: the option `behind`");
  return behind;
}
