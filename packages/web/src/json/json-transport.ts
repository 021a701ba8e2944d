import type { Transport, TransportCall, TransportCapabilities, TransportReply } from "@vectron/core";
import { vectronService } from "@vectron/core/wire";
import { httpCapabilities } from "../http/capabilities.ts";
import { notSent } from "../http/not-sent.ts";
import { OpenCalls } from "../http/open-calls.ts";
import { sendRequest } from "../http/send-request.ts";
import type { JsonApi } from "./json-api.ts";
import type { JsonSettings } from "./json-options.ts";
import { readReply } from "./json-reply.ts";
import { buildRequest } from "./json-request.ts";

/** The seam's calls, made with `fetch` over a gateway's HTTP/JSON API. */
export class JsonTransport implements Transport {
  readonly capabilities: TransportCapabilities;
  readonly #api: JsonApi;
  readonly #settings: JsonSettings;
  readonly #calls = new OpenCalls();

  constructor(api: JsonApi, settings: JsonSettings) {
    this.#api = api;
    this.#settings = settings;
    this.capabilities = httpCapabilities("http-json", settings, settings.streamFallback);
  }

  async unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    const open = this.#calls.open(call);
    try {
      const { url, init } = buildRequest(call, this.#api, this.#settings);
      const response = await sendRequest(this.#settings, url, { ...init, signal: open.signal });
      const reply = await readReply(response, this.#settings, {
        method: call.method.name,
        decode: this.#api.codecOf(call.method).decodeReply,
      });
      open.end();
      return reply;
    } catch (error) {
      throw open.fail(error);
    }
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O, void, undefined> {
    if (!this.#settings.streamFallback || call.method.path !== vectronService.searchStream.path) {
      throw notSent("UNIMPLEMENTED", `${call.method.name} is not served over HTTP/JSON: ${STREAM_ADVICE}`);
    }
    // Both methods have the same request and the same reply.
    const search = vectronService.search as unknown as typeof call.method;
    const { message } = await this.unary({ ...call, method: search });
    yield message;
  }

  close(): Promise<void> {
    this.#calls.close();
    return Promise.resolve();
  }
}

const STREAM_ADVICE =
  "set streamFallback: true to get the one final result of a search, or use protocol grpc-web or connect " +
  "with a server that speaks it, such as the bridge of @vectron/local";
