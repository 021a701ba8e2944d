/** How a client reaches the engine. `in-process` is the engine in the runtime itself. */
export type TransportName = "json" | "grpc-web" | "connect" | "grpc" | "in-process";

/** What answers: the local server, the local server as a bridge to another one, or no server at all. */
export type BackEnd = "engine" | "bridge" | "none";

/** Where the suite can run. */
export type RuntimeName = "node20" | "node22" | "node24" | "bun" | "deno" | "workerd" | "chromium";

/** One combination. */
export interface Cell {
  readonly runtime: RuntimeName;
  readonly transport: TransportName;
  readonly backEnd: BackEnd;
}

/** One run of the suite, as it is handed to a runtime. Plain data. */
export interface Job extends Cell {
  /** Where the server is: a URL for `fetch`, host and port for gRPC, unused in-process. */
  readonly address: string;
  /** The same, where nothing listens. */
  readonly nowhere: string;
  /** What the server asks for. */
  readonly apiKey: string;
  /** Ids of cases, or their topics. Default: all. */
  readonly only?: readonly string[] | undefined;
}
