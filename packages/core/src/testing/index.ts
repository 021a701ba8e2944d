// For tests of code that uses a client: a transport that does as it is told, and a clock to go with it.

export type { CallOutcome, RecordedCall } from "./recorded-call.ts";
export type { Script, UnusedStep } from "./script.ts";
export type { ScriptedMethod } from "./scripted-method.ts";
export { ScriptedTransport, type ScriptedTransportOptions } from "./scripted-transport.ts";
export {
  type CrashStep,
  crash,
  type FailOptions,
  type FailStep,
  fail,
  hang,
  type PassOptions,
  type PassStep,
  pass,
  type ReplyOptions,
  type ReplyStep,
  reply,
  type Scripted,
  type Step,
  type StepOptions,
  type StreamOptions,
  type StreamStep,
  stream,
} from "./step.ts";
export { VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
