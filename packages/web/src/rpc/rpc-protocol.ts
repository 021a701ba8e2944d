import type { Transport as ConnectTransport } from "@connectrpc/connect";
import type { MethodDescriptor } from "@vectron/core";

/** What tells the protocols apart that @connectrpc/connect-web speaks. */
export interface RpcProtocol {
  readonly name: "grpc-web" | "connect";
  /** For people. */
  readonly label: string;
  /** The header that tells the server how much time is left, in milliseconds. */
  timeoutHeader(remainingMs: number): Readonly<Record<string, string>>;
  /** Makes connect-web's own transport, in the binary format. */
  connect(options: RpcConnectOptions): ConnectTransport;
  /** Whether a response is one of this protocol, by its headers. */
  isReply(response: Response): boolean;
  /** Whether the body of any other response is an error of this protocol; if not, something else has answered. */
  isError(body: string): boolean;
  /** Whether the messages of a reply stand in frames, each with its length; otherwise the body is the message. */
  isFramed(method: MethodDescriptor<unknown, unknown>): boolean;
}

/** What connect-web needs for one call. */
export interface RpcConnectOptions {
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
}
