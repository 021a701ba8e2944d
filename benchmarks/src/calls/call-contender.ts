import { CLIENTS, type ClientName } from "../clients/clients.ts";
import { makePoints, makeVector, mulberry32 } from "../data/points.ts";
import { callInFlight } from "../harness/in-flight.ts";
import type { Prepared } from "../harness/process-contender.ts";

/** Which calls one client is to make. */
export interface CallTask {
  readonly client: ClientName;
  readonly call: "search" | "upsert";
  readonly address: string;
  readonly dimension: number;
  /** How many points an Upsert holds. */
  readonly points: number;
  /** How many calls are under way at once. */
  readonly inFlight: number;
}

export function prepare({ client, call, address, dimension, points, inFlight }: CallTask): Prepared {
  const { [call]: make } = CLIENTS[client]({
    address,
    points: makePoints(points, dimension),
    query: makeVector(dimension, mulberry32(1)),
  });
  return {
    run: (operations) => callInFlight(make, operations, inFlight),
  };
}
