import type { CollectionTarget } from "../client/client-context.ts";
import { toPointMessage } from "../client/operations/points.ts";
import type { PointInput } from "../data/types.ts";
import { textOf } from "../errors/text-of.ts";
import type { Point } from "../gen/vectron/v1/messages.ts";
import { VectorArena } from "./vector-arena.ts";

/**
 * Turns records into messages that share nothing with them: generators commonly
 * yield one buffer again and again, and a record is sent after the next is taken.
 */
export class RecordIntake<P> {
  readonly #target: CollectionTarget<P>;
  readonly #arena = new VectorArena();

  constructor(target: CollectionTarget<P>) {
    this.#target = target;
  }

  /**
   * Checks a record and copies it. A promise only where the payload's codec works
   * asynchronously. Throws, or rejects, with what is wrong with the record.
   *
   * @param dimension - how many components its vector must have; undefined: any number
   */
  take(record: PointInput<P>, dimension: number | undefined): Point | Promise<Point> {
    const message = toPointMessage(this.#target, "the record", record, dimension);
    const { payload } = message;
    // A converted vector is a copy already.
    if (message.vector === record.vector) message.vector = this.#arena.copy(message.vector);
    if (payload instanceof Promise) return payload.then((encoded) => ({ ...message, payload: encoded }));
    message.payload = { ...payload };
    return message as Point;
  }
}

/** The id of a record that is refused; undefined where there is none. */
export function idOf(record: unknown): string | undefined {
  const id = (record as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

/** What is wrong with a record, as an error whatever a payload's codec threw. */
export function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(textOf(reason), { cause: reason });
}
