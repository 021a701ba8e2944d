import { type Runtime, systemRuntime } from "../runtime/runtime.ts";
import type {
  Transport,
  TransportCall,
  TransportCapabilities,
  TransportReply,
} from "../transport/transport.ts";
import { performStream, performUnary, type Stage } from "./perform.ts";
import { CallRecord, type RecordedCall } from "./recorded-call.ts";
import { type Script, type StepSource, stepsOf, type UnusedStep } from "./script.ts";
import type { Step } from "./step.ts";

/** Options of `ScriptedTransport`. */
export interface ScriptedTransportOptions {
  /** The clock that delays go by: the one that the client has. Default: real time. */
  readonly runtime?: Runtime | undefined;
  /** What an attempt does for which the script has no step. Default: it fails, and says so. */
  readonly otherwise?: Step | undefined;
  /** The transport that `pass` steps hand attempts to: a real one, with faults in front of it. Default: none. */
  readonly behind?: Transport | undefined;
  /** Capabilities to claim, over those of the transport behind. */
  readonly capabilities?: Partial<TransportCapabilities> | undefined;
  /** Whether recorded headers show the token. Default false. */
  readonly keepToken?: boolean | undefined;
}

const DEFAULT_CAPABILITIES: TransportCapabilities = {
  name: "scripted",
  endpoint: "scripted",
  streaming: true,
  maxSendBytes: 256 * 1024 * 1024,
  maxReceiveBytes: 256 * 1024 * 1024,
  insecure: false,
};

/**
 * A transport whose script says what each attempt does, and which remembers what
 * it was asked: for tests of retries, deadlines and whatever else goes wrong.
 *
 * @example
 * const clock = new VirtualClock();
 * const transport = new ScriptedTransport(
 *   { search: [fail("UNAVAILABLE"), reply({ results: [] }, { afterMs: 20 })] },
 *   { runtime: clock },
 * );
 * const client = new VectronClient(transport, {}, clock);
 * await clock.run(client.search("docs", { vector: [1, 2] }));
 * transport.calls.length; // 2
 */
export class ScriptedTransport implements Transport {
  readonly capabilities: TransportCapabilities;
  readonly #steps: StepSource;
  readonly #runtime: Runtime;
  readonly #otherwise: Step | undefined;
  readonly #behind: Transport | undefined;
  readonly #keepToken: boolean;
  readonly #calls: CallRecord[] = [];
  #closeCount = 0;

  /** @throws TypeError when the script names a method that does not exist */
  constructor(script: Script, options: ScriptedTransportOptions = {}) {
    this.#steps = stepsOf(script);
    this.#runtime = options.runtime ?? systemRuntime;
    this.#otherwise = options.otherwise;
    this.#behind = options.behind;
    this.#keepToken = options.keepToken ?? false;
    this.capabilities = {
      ...(options.behind?.capabilities ?? DEFAULT_CAPABILITIES),
      ...options.capabilities,
    };
  }

  /** Every attempt so far, in the order in which they came. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** The steps that no attempt has reached yet. */
  get unusedSteps(): readonly UnusedStep[] {
    return this.#steps.unused();
  }

  /** How often the transport was closed. */
  get closeCount(): number {
    return this.#closeCount;
  }

  async unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    const record = this.#record(call);
    try {
      const reply = await performUnary(this.#stepOf(record), this.#stage(call));
      record.end("replied");
      return reply;
    } catch (error) {
      record.end(call.signal.aborted ? "aborted" : "failed");
      throw error;
    }
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O, void> {
    const record = this.#record(call);
    try {
      yield* performStream(this.#stepOf(record), this.#stage(call));
      record.end("replied");
    } catch (error) {
      record.end(call.signal.aborted ? "aborted" : "failed");
      throw error;
    } finally {
      record.end("left");
    }
  }

  async close(): Promise<void> {
    this.#closeCount += 1;
    await this.#behind?.close();
  }

  #record<I, O>(call: TransportCall<I, O>): CallRecord {
    const record = new CallRecord(this.#calls.length + 1, call, this.#runtime, this.#keepToken);
    this.#calls.push(record);
    return record;
  }

  #stage<I, O>(call: TransportCall<I, O>): Stage<I, O> {
    return { call, runtime: this.#runtime, behind: this.#behind };
  }

  #stepOf(record: CallRecord): Step {
    const step = this.#steps.take(record) ?? this.#otherwise;
    if (step === undefined) {
      throw new Error(`the script has no step left for ${record.method} (attempt ${record.number})`);
    }
    return step;
  }
}
