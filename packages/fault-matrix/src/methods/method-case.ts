import type { Clients, Options } from "../clients.ts";

/** Which server answers a method. */
export type ServiceName = "gateway" | "auth";

/**
 * What a client does about a failure that leaves open whether a call took
 * effect: it repeats the call, looks at the server's state first, or reports it.
 */
export type Repetition = "harmless" | "after a look" | "never";

/** A method of the API. */
export interface MethodCase {
  readonly name: string;
  readonly service: ServiceName;
  readonly repetition: Repetition;
  /** Whether its calls carry no token. Default false. */
  readonly anonymous?: boolean | undefined;
  /**
   * Brings about what a call needs.
   *
   * @param direct - clients that no fault stands before
   * @param id - a name that is nobody else's
   */
  arrange(direct: Clients, id: string): Promise<Act>;
}

/** A call that has been prepared. */
export interface Act {
  /** The token of the user whose call it is. Default: any good one. */
  readonly token?: string | undefined;
  call(clients: Clients, options: Options): Promise<unknown>;
  /** Rejects where a call that succeeded has not had its effect. */
  check(): Promise<void>;
}
