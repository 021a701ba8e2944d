import type { ErrorCode } from "@vectron/core";
import type { BackEnd } from "./back-end.ts";
import type { Clients, Location, SharedOptions, TransportName } from "./clients.ts";
import type { MethodCase, Repetition } from "./methods/method-case.ts";

/** Something that goes wrong, and what users are promised of it. */
export interface Fault {
  readonly name: string;
  /** What happens, in a sentence. */
  readonly happens: string;
  /** The transports that it cannot happen to, each with the reason. */
  readonly impossible?: Partial<Record<TransportName, string>> | undefined;
  /** Why it cannot happen to a method; undefined where it can. */
  readonly impossibleFor?: ((method: MethodCase, transport: TransportName) => string | undefined) | undefined;
  /** Sets the stage for one cell, whose call is then made. */
  readonly stage: (cell: StagedCell) => Promise<Scene>;
  /** Starts servers for this fault alone, and that many cells at once. Default: those of the other faults serve. */
  readonly ownBackEnd?: ((cells: number) => Promise<BackEnd & Pick<Fault, "stage">>) | undefined;
  /** The promises; the first that fits a cell counts. */
  readonly promises: readonly Promised[];
}

/** The cell that a fault is staged for. */
export interface StagedCell {
  readonly method: MethodCase;
  readonly transport: TransportName;
  /** The real server's port on 127.0.0.1, for this transport. */
  readonly port: number;
  /** The token that the call is to carry. */
  readonly token: string;
  /** The same token, expired. */
  readonly expiredToken: string;
}

/** Where the call of a cell is sent, and how. */
export interface Scene extends Location {
  readonly options?: SharedOptions | undefined;
  /** When the caller's time is up (`AbortSignal.timeout`). Default: never. */
  readonly timeIsUp?: Promise<void> | undefined;
  /** What comes before the call. */
  ready?(clients: Clients, method: MethodCase): Promise<void>;
  close(): Promise<void>;
}

/** What is promised of some cells. What is not named is no condition. */
export interface Promised extends Outcome {
  readonly over?: readonly TransportName[] | undefined;
  readonly repetition?: readonly Repetition[] | undefined;
  readonly methods?: readonly string[] | undefined;
}

/** How a call ends. */
export interface Outcome {
  /** `ok`, or the name of the error. */
  readonly ends: string;
  /** Each attempt. */
  readonly attempts: readonly Attempt[];
  /** The platform's own code for what happened, at the end of the chain of causes. Default: there is none. */
  readonly cause?: string | undefined;
}

/** `OK`, or an attempt's code and whether its request was sent. */
export type Attempt = "OK" | `${ErrorCode} ${"not sent" | "sent" | "perhaps sent"}`;

/** What is promised of a cell. */
export function promiseOf(
  fault: Fault,
  { method, transport }: Pick<StagedCell, "method" | "transport">,
): Outcome {
  const fits = fault.promises.find(
    ({ over, repetition, methods }) =>
      (over?.includes(transport) ?? true) &&
      (repetition?.includes(method.repetition) ?? true) &&
      (methods?.includes(method.name) ?? true),
  );
  if (fits === undefined)
    throw new Error(`${fault.name} promises nothing of ${method.name} over ${transport}`);
  const { ends, attempts, cause } = fits;
  return { ends, attempts, ...(cause !== undefined && { cause }) };
}

/** Why a cell cannot exist; undefined where it can. */
export function impossible(fault: Fault, method: MethodCase, transport: TransportName): string | undefined {
  if (method.service === "auth" && transport === "connect")
    return "an auth service speaks gRPC and HTTP/JSON only";
  return fault.impossible?.[transport] ?? fault.impossibleFor?.(method, transport);
}
