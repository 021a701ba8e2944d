import {
  type MethodDescriptor,
  type Transport,
  type TransportCall,
  type TransportCapabilities,
  TransportFailure,
  type TransportReply,
} from "@vectron/core";
import { vectronService } from "@vectron/core/wire";
import { failure, toFailure } from "../service/failures.ts";
import type { StreamHandler, UnaryHandler, VectronHandlers } from "../service/handlers.ts";
import { CallScope, refuseEnded } from "./call-scope.ts";
import { copyMessage } from "./copy-message.ts";

/** The message limit of a stock server, so that what works here works there. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

export interface InProcessOptions {
  readonly handlers: VectronHandlers;
  /** Where the data is, for errors and traces. */
  readonly endpoint: string;
  /**
   * Whether messages are copied on their way in and out, so that neither side
   * sees what the other does to its own later. Default true. A server, which
   * decodes and encodes, has no use for it.
   */
  readonly copiesMessages?: boolean;
  /** Runs once when the transport is closed, after the calls in flight have ended. */
  readonly onClose?: () => Promise<void>;
}

/** Calls the service's handlers directly, with the deadlines, cancellation and isolation of a remote call. */
export class InProcessTransport implements Transport {
  readonly capabilities: TransportCapabilities;
  readonly #handlers: ReadonlyMap<string, unknown>;
  readonly #copy: <T>(message: T) => T;
  readonly #onClose: () => Promise<void>;
  readonly #inFlight = new Set<CallScope>();
  #closed: Promise<void> | undefined;

  constructor(options: InProcessOptions) {
    const { handlers, endpoint, copiesMessages = true, onClose = async () => undefined } = options;
    this.capabilities = {
      name: "in-process",
      endpoint,
      streaming: true,
      maxSendBytes: MAX_MESSAGE_BYTES,
      maxReceiveBytes: MAX_MESSAGE_BYTES,
      insecure: false,
    };
    this.#handlers = handlersByPath(handlers);
    this.#copy = copiesMessages ? copyMessage : (message) => message;
    this.#onClose = onClose;
  }

  async unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    const handler = this.#handlerOf(call.method) as UnaryHandler<I, O>;
    const scope = this.#begin(call);
    try {
      const { deadline, headers } = call;
      const message = this.#copy(call.message);
      const reply = await scope.run(() => handler(message, { deadline, headers, signal: scope.signal }));
      return { message: this.#copy(reply), metadata: {} };
    } catch (error) {
      throw toFailure(error);
    } finally {
      this.#end(scope);
    }
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O, void> {
    const handler = this.#handlerOf(call.method) as StreamHandler<I, O>;
    const scope = this.#begin(call);
    const { deadline, headers } = call;
    const message = this.#copy(call.message);
    const replies = handler(message, { deadline, headers, signal: scope.signal })[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await scope.run(() => replies.next());
        if (next.done === true) return;
        yield this.#copy(next.value);
      }
    } catch (error) {
      throw toFailure(error);
    } finally {
      this.#end(scope);
      // The handler may still be at work: it learns that the caller has left, and nobody waits for it.
      scope.end(failure("CANCELLED", "the stream was left"));
      replies.return?.().catch(() => undefined);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const scope of this.#inFlight) scope.end(failure("CANCELLED", "the transport was closed"));
    await this.#onClose();
  }

  #handlerOf(method: MethodDescriptor<unknown, unknown>): unknown {
    const handler = this.#handlers.get(method.path);
    if (handler === undefined)
      throw failure("UNIMPLEMENTED", `the embedded service has no method ${method.path}`);
    return handler;
  }

  #begin({ deadline, signal }: TransportCall<unknown, unknown>): CallScope {
    if (this.#closed !== undefined) {
      throw new TransportFailure("CANCELLED", "the transport is closed", { requestSent: "no" });
    }
    refuseEnded(deadline, signal);
    const scope = new CallScope(deadline, signal);
    this.#inFlight.add(scope);
    return scope;
  }

  #end(scope: CallScope): void {
    this.#inFlight.delete(scope);
    scope.release();
  }
}

function handlersByPath(handlers: VectronHandlers): ReadonlyMap<string, unknown> {
  const names = Object.keys(vectronService) as (keyof VectronHandlers)[];
  return new Map(names.map((name) => [vectronService[name].path, handlers[name]]));
}
