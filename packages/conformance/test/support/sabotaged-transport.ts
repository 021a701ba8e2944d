import type { Transport, TransportCall, TransportReply } from "@vectron/core";

type AnyCall = TransportCall<unknown, unknown>;

/** A defect that a transport or a server may have. Each part is given what is passing by, and returns what is to pass. */
export interface Sabotage {
  /** Changes a request on its way out. */
  readonly request?: (method: string, message: Message) => Message;
  /** Changes a reply, or one message of a stream, on its way in. */
  readonly reply?: (method: string, message: Message) => Message;
  /** Stands in for the transport. */
  readonly unary?: (
    call: AnyCall,
    next: (call: AnyCall) => Promise<TransportReply<unknown>>,
  ) => Promise<TransportReply<unknown>>;
  readonly stream?: (messages: AsyncIterable<unknown>) => AsyncIterable<unknown>;
}

/** A message of any method, so that one defect can be written for several. */
// biome-ignore lint/suspicious/noExplicitAny: each defect knows the messages that it changes
export type Message = any;

/** A transport with one defect. */
export class SabotagedTransport implements Transport {
  readonly #sound: Transport;
  readonly #sabotage: Sabotage;

  constructor(sound: Transport, sabotage: Sabotage) {
    this.#sound = sound;
    this.#sabotage = sabotage;
  }

  get capabilities() {
    return this.#sound.capabilities;
  }

  async unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    const { unary } = this.#sabotage;
    const sent = this.#sent(call as AnyCall);
    const send = (changed: AnyCall) => this.#sound.unary(changed);
    const reply = await (unary === undefined ? send(sent) : unary(sent, send));
    return { ...reply, message: this.#received(call.method.name, reply.message) as O };
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O> {
    const { stream = (messages) => messages } = this.#sabotage;
    const messages = this.#sound.serverStream(this.#sent(call as AnyCall));
    for await (const message of stream(messages)) yield this.#received(call.method.name, message) as O;
  }

  close(): Promise<void> {
    return this.#sound.close();
  }

  #sent(call: AnyCall): AnyCall {
    const { request } = this.#sabotage;
    // A copy, since a defect that changed the caller's own points would be another one.
    return request === undefined
      ? call
      : { ...call, message: request(call.method.name, structuredClone(call.message)) };
  }

  #received(method: string, message: unknown): unknown {
    return this.#sabotage.reply === undefined ? message : this.#sabotage.reply(method, message);
  }
}
