import { makePoints, makeVector, mulberry32 } from "../data/points.ts";
import { callInFlight } from "../harness/in-flight.ts";
import type { Prepared } from "../harness/process-contender.ts";
import { PEERS, type PeerName } from "./peers.ts";

/** What one peer's client is to do. */
export interface PeerTask {
  readonly peer: PeerName;
  readonly call: "search" | "upsert";
  readonly address: string;
  readonly dimension: number;
  readonly points: number;
  readonly inFlight: number;
}

export async function prepare(task: PeerTask): Promise<Prepared> {
  const { peer, call, address, dimension, points, inFlight } = task;
  const client = await PEERS[peer]({
    address,
    points: makePoints(points, dimension),
    query: makeVector(dimension, mulberry32(1)),
  });
  const make = client[call];
  return {
    run: (operations) => callInFlight(make, operations, inFlight),
  };
}
